/** OCI annotations (definition `Annotations`): the pre-defined keys, and any other. */
export interface Annotations {
  /** RFC 3339. */
  "org.opencontainers.image.created"?: string;
  /** The people or organization responsible for the image. */
  "org.opencontainers.image.authors"?: string;
  /** Where to find more about the image. */
  "org.opencontainers.image.url"?: string;
  /** Where the documentation is. */
  "org.opencontainers.image.documentation"?: string;
  /** Where the source code is. */
  "org.opencontainers.image.source"?: string;
  /** The version of the packaged software. */
  "org.opencontainers.image.version"?: string;
  /** The revision of the source code. */
  "org.opencontainers.image.revision"?: string;
  /** Who distributes the image. */
  "org.opencontainers.image.vendor"?: string;
  /** SPDX licence expression. */
  "org.opencontainers.image.licenses"?: string;
  /** The name of the reference, such as a tag. */
  "org.opencontainers.image.ref.name"?: string;
  /** A title for people. */
  "org.opencontainers.image.title"?: string;
  /** A description for people. */
  "org.opencontainers.image.description"?: string;
  /** Any other annotation. */
  [key: string]: string | undefined;
}

/** A config, layer or referrer of a manifest (definition `Descriptor`; OCI content descriptor). */
export interface Descriptor {
  /** The content's media type. */
  mediaType?: string;
  /** Bytes. */
  size?: number;
  /** The digest of the content. */
  digest?: string;
  /** Where else the content may be had, RFC 3986. */
  urls?: string[];
  /** Annotations by their keys. */
  annotations?: Annotations;
  /** OCI 1.1: what kind of artifact a referrer is. */
  artifactType?: string;
}

/** What a manifest of an index runs on (definition `Platform`). */
export interface Platform {
  /** The processor architecture, as Go names it: `amd64`. */
  architecture?: string;
  /** The operating system, as Go names it: `linux`. */
  os?: string;
  /** The version of the operating system: on Windows, of the build. */
  "os.version"?: string;
  /** Features that the operating system must have, such as `win32k`. */
  "os.features"?: string[];
  /** The variant of the processor architecture, such as `v8`. */
  variant?: string;
  /** Features that the processor must have. */
  features?: string[];
}

/** One manifest of an index or manifest list (definition `ManifestListAttributes`). */
export interface ManifestListAttributes {
  /** The manifest's media type. */
  mediaType?: string;
  /** Bytes of the manifest. */
  size?: number;
  /** The digest of the content. */
  digest?: string;
  /** What it runs on. */
  platform?: Platform;
  /** Annotations by their keys. */
  annotations?: Annotations;
}

/** Any manifest (definition `Manifest`). */
export interface Manifest {
  /** 1 for Docker v1, 2 for every other. */
  schemaVersion?: number;
}

/** Docker image manifest v2 schema 2 (definition `V2Manifest`). */
export interface V2Manifest extends Manifest {
  /** The manifest's own media type. */
  mediaType?: string;
  /** The configuration's descriptor. */
  config?: Descriptor;
  /** Descriptors of the layers, the base layer first. */
  layers?: Descriptor[];
}

/** Docker manifest list (definition `ManifestList`). */
export interface ManifestList extends Manifest {
  /** The manifest's own media type. */
  mediaType?: string;
  /** The manifests that it lists. */
  manifests?: ManifestListAttributes[];
}

/** OCI image manifest (definition `OCIManifest`; OCI image-spec, manifest.md). */
export interface OCIManifest extends Manifest {
  /** The configuration's descriptor. */
  config?: Descriptor;
  /** Descriptors of the layers, the base layer first. */
  layers?: Descriptor[];
  /** Annotations by their keys. */
  annotations?: Annotations;
}

/** OCI image index (definition `OCIIndex`; OCI image-spec, image-index.md). */
export interface OCIIndex extends Manifest {
  /** The manifests that it lists. */
  manifests?: ManifestListAttributes[];
  /** Annotations by their keys. */
  annotations?: Annotations;
}

/** A layer of a Docker v1 manifest (definition `FsLayer`). */
export interface FsLayer {
  /** Digest of the layer. */
  blobSum?: string;
}

/** The history of a Docker v1 manifest (definition `History`). */
export interface History {
  /** JSON in a string. */
  v1Compatibility?: string;
}

/** The key of a Docker v1 signature (definition `JWKHeader`). */
export interface JWKHeader {
  /** The elliptic curve. */
  crv?: string;
  /** The key's id. */
  kid?: string;
  /** The key's type. */
  kty?: string;
  /** The x coordinate, base64url. */
  x?: string;
  /** The y coordinate, base64url. */
  y?: string;
}

/** The header of a Docker v1 signature (definition `JWK`). */
export interface JWK {
  /** The public key. */
  jwk?: JWKHeader;
  /** The algorithm of the signature. */
  alg?: string;
}

/** The signature of a Docker v1 manifest (definition `ImageSignature`). */
export interface ImageSignature {
  /** The key and the algorithm. */
  header?: JWK;
  /** The signature, base64url. */
  signature?: string;
  /** The signed header, base64url. */
  protected?: string;
}

/** Docker image manifest v2 schema 1 (definition `V1Manifest`). */
export interface V1Manifest extends Manifest {
  /** The processor architecture, as Go names it: `amd64`. */
  architecture?: string;
  /** The repository. */
  name?: string;
  /** The tag that it was pushed under. */
  tag?: string;
  /** The layers, the top layer first. */
  fsLayers?: FsLayer[];
  /** What made the layers, in their order. */
  history?: History[];
  /** Signatures of the manifest. */
  signatures?: ImageSignature[];
}

/** A manifest of whatever kind (definition `ManifestWrapper`): what is not of its kind is absent. */
export interface ManifestWrapper extends Manifest {
  /** The manifest's own media type. */
  mediaType?: string;
  /** OCI 1.1. */
  artifactType?: string;
  /** OCI 1.1: what this manifest refers to. */
  subject?: Descriptor;
  /** Index or manifest list. */
  manifests?: ManifestListAttributes[];
  /** Image or artifact. */
  config?: Descriptor;
  /** Image or artifact. */
  layers?: Descriptor[];
  /** OCI. */
  annotations?: Annotations;
  /** Docker v1. */
  architecture?: string;
  /** Docker v1. */
  name?: string;
  /** Docker v1. */
  tag?: string;
  /** Docker v1. */
  fsLayers?: FsLayer[];
  /** Docker v1. */
  history?: History[];
  /** Docker v1. */
  signatures?: ImageSignature[];
}

/** What `manifests.get` resolves to (`Manifests_Get`). */
export interface ManifestResult {
  /** Verified against the bytes. */
  digest: string;
  /** The manifest's own media type. */
  mediaType: string;
  /** Exactly what the registry sent: the digest is over these. */
  bytes: Uint8Array;
  /** `bytes`, parsed. */
  manifest: ManifestWrapper;
}
