/** OCI annotations (definition `Annotations`): the pre-defined keys, and any other. */
export interface Annotations {
  /** RFC 3339. */
  "org.opencontainers.image.created"?: string;
  "org.opencontainers.image.authors"?: string;
  "org.opencontainers.image.url"?: string;
  "org.opencontainers.image.documentation"?: string;
  "org.opencontainers.image.source"?: string;
  "org.opencontainers.image.version"?: string;
  "org.opencontainers.image.revision"?: string;
  "org.opencontainers.image.vendor"?: string;
  /** SPDX licence expression. */
  "org.opencontainers.image.licenses"?: string;
  "org.opencontainers.image.ref.name"?: string;
  "org.opencontainers.image.title"?: string;
  "org.opencontainers.image.description"?: string;
  [key: string]: string | undefined;
}

/** A config, layer or referrer of a manifest (definition `Descriptor`; OCI content descriptor). */
export interface Descriptor {
  mediaType?: string;
  /** Bytes. */
  size?: number;
  digest?: string;
  /** Where else the content may be had, RFC 3986. */
  urls?: string[];
  annotations?: Annotations;
  /** OCI 1.1: what kind of artifact a referrer is. */
  artifactType?: string;
}

/** What a manifest of an index runs on (definition `Platform`). */
export interface Platform {
  architecture?: string;
  os?: string;
  "os.version"?: string;
  "os.features"?: string[];
  variant?: string;
  features?: string[];
}

/** One manifest of an index or manifest list (definition `ManifestListAttributes`). */
export interface ManifestListAttributes {
  mediaType?: string;
  /** Bytes of the manifest. */
  size?: number;
  digest?: string;
  platform?: Platform;
  annotations?: Annotations;
}

/** Any manifest (definition `Manifest`). */
export interface Manifest {
  schemaVersion?: number;
}

/** Docker image manifest v2 schema 2 (definition `V2Manifest`). */
export interface V2Manifest extends Manifest {
  mediaType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
}

/** Docker manifest list (definition `ManifestList`). */
export interface ManifestList extends Manifest {
  mediaType?: string;
  manifests?: ManifestListAttributes[];
}

/** OCI image manifest (definition `OCIManifest`; OCI image-spec, manifest.md). */
export interface OCIManifest extends Manifest {
  config?: Descriptor;
  layers?: Descriptor[];
  annotations?: Annotations;
}

/** OCI image index (definition `OCIIndex`; OCI image-spec, image-index.md). */
export interface OCIIndex extends Manifest {
  manifests?: ManifestListAttributes[];
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
  crv?: string;
  kid?: string;
  kty?: string;
  x?: string;
  y?: string;
}

/** The header of a Docker v1 signature (definition `JWK`). */
export interface JWK {
  jwk?: JWKHeader;
  alg?: string;
}

/** The signature of a Docker v1 manifest (definition `ImageSignature`). */
export interface ImageSignature {
  header?: JWK;
  signature?: string;
  protected?: string;
}

/** Docker image manifest v2 schema 1 (definition `V1Manifest`). */
export interface V1Manifest extends Manifest {
  architecture?: string;
  name?: string;
  tag?: string;
  fsLayers?: FsLayer[];
  history?: History[];
  signatures?: ImageSignature[];
}

/** A manifest of whatever kind (definition `ManifestWrapper`): what is not of its kind is absent. */
export interface ManifestWrapper extends Manifest {
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
  mediaType: string;
  /** Exactly what the registry sent: the digest is over these. */
  bytes: Uint8Array;
  /** `bytes`, parsed. */
  manifest: ManifestWrapper;
}
