/**
 * The four switches of a repository or a tag (ACR runtime API, definition `ChangeableAttributes`).
 * In an answer each is present; in an update only those given change.
 */
export interface ChangeableAttributes {
  /** Off: it cannot be deleted. */
  deleteEnabled?: boolean;
  /** Off: it is hidden from lists. */
  listEnabled?: boolean;
  /** Off: it cannot be pulled. */
  readEnabled?: boolean;
  /** Off: it can be neither overwritten nor deleted. */
  writeEnabled?: boolean;
}

/** The switches of a manifest and its quarantine (definition `ManifestChangeableAttributes`). */
export interface ManifestChangeableAttributes extends ChangeableAttributes {
  /** `Passed` or `Failed`, as the scanner said. */
  quarantineState?: string;
  /** What the scanner found: JSON in a string. */
  quarantineDetails?: string;
}

/** Answer of `Repository_GetAttributes` and `Repository_UpdateAttributes` (definition `RepositoryAttributes`). */
export interface RepositoryAttributes {
  /** Login server. */
  registry?: string;
  /** Repository, namespace included. */
  imageName?: string;
  /** RFC 3339, UTC, up to seven fractional digits. */
  createdTime?: string;
  /** RFC 3339, UTC. Switching attributes does not change it. */
  lastUpdateTime?: string;
  /** Manifests in the repository, untagged ones included. */
  manifestCount?: number;
  /** Tags in the repository. */
  tagCount?: number;
  /** What may be done with it. */
  changeableAttributes?: ChangeableAttributes;
}

/** Answer of `Repository_GetList` (definition `Repositories`; the name is taken by the client's own operations). */
export interface RepositoryList {
  /** Names in lexical order, at most one page of them. */
  repositories: string[];
}

/** Answer of `Repository_Delete` (definition `DeletedRepository`). */
export interface DeletedRepository {
  /** Digests of every manifest that went. */
  manifestsDeleted: string[];
  /** Every tag that went. */
  tagsDeleted: string[];
}

/** A tag in a list or an answer (definition `TagAttributesBase`). */
export interface TagAttributesBase {
  /** The tag, without the repository's name. */
  name?: string;
  /** Digest of the manifest the tag points to. */
  digest?: string;
  /** RFC 3339, UTC. */
  createdTime?: string;
  /** RFC 3339, UTC. */
  lastUpdateTime?: string;
  /** Whether a Docker Content Trust signature is recorded. */
  signed?: boolean;
  /** What may be done with it. */
  changeableAttributes?: ChangeableAttributes;
}

/** What the definition `TagAttributes_tag` adds to a tag. */
export interface TagAttributes_tag {
  /** The Docker Content Trust signature that is recorded. */
  signatureRecord?: string;
}

/** Answer of `Tag_GetAttributes` and `Tag_UpdateAttributes` (definition `TagAttributes`). */
export interface TagAttributes {
  /** Login server. */
  registry?: string;
  /** Repository. */
  imageName?: string;
  /** The tag. */
  tag?: TagAttributesBase & TagAttributes_tag;
}

/** Answer of `Tag_GetList` (definition `TagList`). */
export interface TagList {
  /** Login server. */
  registry?: string;
  /** Repository. */
  imageName?: string;
  /** One page of tags. */
  tags: TagAttributesBase[];
}

/** Answer of `GET /v2/N/tags/list` (definition `RepositoryTags`). */
export interface RepositoryTags {
  /** Repository. */
  name?: string;
  /** Names of tags in lexical order. */
  tags: string[];
}

/** A platform of an index in a single manifest's answer (definition `ManifestAttributes_manifest_references`). */
export interface ManifestAttributes_manifest_references {
  /** The manifest's digest. */
  digest?: string;
  /** The processor architecture, as Go names it: `amd64`. */
  architecture?: string;
  /** The operating system, as Go names it: `linux`. */
  os?: string;
}

/** What the definition `ManifestAttributes_manifest` adds: only in the answer for one manifest, never in a list. */
export interface ManifestAttributes_manifest {
  /** The manifests of an index or manifest list. */
  references?: ManifestAttributes_manifest_references[];
  /** The tag that it has in quarantine. */
  quarantineTag?: string;
}

/** A manifest in a list or an answer (definition `ManifestAttributesBase`). */
export interface ManifestAttributesBase {
  /** The manifest's digest. */
  digest?: string;
  /** Bytes: manifest, config and layers as stored; for an index those of its manifests too. */
  imageSize?: number;
  /** RFC 3339, UTC. */
  createdTime?: string;
  /** RFC 3339, UTC. */
  lastUpdateTime?: string;
  /** The processor architecture, as Go names it: `amd64`. */
  architecture?: string;
  /** The operating system, as Go names it: `linux`. */
  os?: string;
  /** The manifest's media type. */
  mediaType?: string;
  /** The media type of the manifest's config. */
  configMediaType?: string;
  /** Absent when untagged; may be cut short when there are many: `tags.list` with `digest` has all. */
  tags?: string[];
  /** What may be done with it. */
  changeableAttributes?: ManifestChangeableAttributes;
}

/** Answer of `Manifests_GetAttributes` and `Manifests_UpdateAttributes` (definition `ManifestAttributes`). */
export interface ManifestAttributes {
  /** Login server. */
  registry?: string;
  /** Repository. */
  imageName?: string;
  /** The manifest. */
  manifest?: ManifestAttributesBase & ManifestAttributes_manifest;
}

/** Answer of `Manifests_GetList` (definition `AcrManifests`). */
export interface AcrManifests {
  /** Login server. */
  registry?: string;
  /** Repository. */
  imageName?: string;
  /** One page of manifests. */
  manifests: ManifestAttributesBase[];
}
