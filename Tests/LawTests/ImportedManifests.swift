import Diagnostics
import Manifests
import QdrantSchema
import ResourceModel
import Testing

/// The manifests that an import writes of a cluster, in canonical form, and what they ask for when
/// they are read again.
struct ImportedManifests {
  let files: [ImportedCluster.File]
  let warnings: [String]
  let state: DesiredState

  init(_ observed: ObservedCluster, makesClasses: Bool = false) throws {
    let imported = ImportedCluster(
      observed, cluster: "c", head: "kind: Cluster\nname: c\nurl: http://127.0.0.1:6333\n",
      schema: QdrantResources.schema, rules: QdrantResources.rules, makesClasses: makesClasses)
    let texts = imported.files.map { (path: $0.name, bytes: Array($0.text.utf8)) }
    for text in texts {
      let canonical = try ManifestFormatter.format(text.bytes, schema: QdrantResources.schema)
      #expect(canonical == text.bytes, "\(String(decoding: text.bytes, as: UTF8.self))")
    }
    let loaded = ManifestLoader.load(
      sources: [MemorySource(texts)], schema: QdrantResources.schema,
      rules: QdrantResources.rules)
    files = imported.files
    warnings = imported.warnings
    state = try #require(loaded.state, "\(loaded.report.text())")
  }
}
