import Manifests
import Policies
import QdrantSchema
import Rendering
import ResourceModel

/// All keys of all kinds of documents, for the reference and for `explain`.
enum FieldSections {
  static let all: [ReferenceDocument.Section] =
    collection + [
      Section("Class", LocalKinds.classKeys, words: ["class"]),
      Section(
        "Cluster", [LocalKinds.named("cluster")] + LocalKinds.cluster.rows, words: ["cluster"]),
      Section(
        "Workspace", [LocalKinds.named("workspace")] + LocalKinds.workspace.rows,
        words: ["workspace"]),
      Section(
        "Environment", [LocalKinds.named("environment")] + LocalKinds.environment.rows,
        words: ["environment"]),
      Section(
        "Environment: overlays", LocalKinds.overlayKeys, place: "overlays", words: ["overlay"]),
      Section(
        "Hierarchy", LocalKinds.hierarchyKeys + LocalKinds.hierarchy.rows, words: ["hierarchy"]),
      Section("Hierarchy: levels", LocalKinds.levelKeys, place: "levels", words: ["level"]),
      Section("Hierarchy: moved", LocalKinds.moveKeys, place: "moved"),
      Section(
        "Policy", [LocalKinds.named("policy")] + LocalKinds.policy(PolicyTable.specs),
        words: ["policy"]),
      Section("Policy: waivers", LocalKinds.waiverKeys, place: "waivers", words: ["waiver"]),
    ]

  private typealias Section = ReferenceDocument.Section

  /// The children's places hold a star, since plans and people put names there.
  private static let collection: [ReferenceDocument.Section] = [
    Section(
      "Collection", LocalKinds.collectionKeys + rows(.collection), words: ["collection"]),
    Section(
      "Collection: lifecycle", LocalKinds.lifecycle.rows, place: "lifecycle",
      words: ["lifecycle"]),
    Section(
      "Collection: lifecycle.gates", LocalKinds.gate.rows, place: "lifecycle.gates",
      words: ["gate"]),
    Section(
      "Collection: payload_indexes", rows(.index), place: "payload_indexes.*", words: ["index"]),
    Section("Collection: aliases", LocalKinds.aliasKeys, place: "aliases.*", words: ["alias"]),
    Section(
      "Collection: shard_keys", LocalKinds.shardKeyKeys + rows(.shardKey), place: "shard_keys.*",
      words: ["shard_key"]),
  ]

  private static func rows(_ kind: ResourceKind) -> [FieldSpec] {
    QdrantResources.schema.kinds[kind]?.rows ?? []
  }
}
