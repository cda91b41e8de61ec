package import Diagnostics
package import ResourceModel
package protocol ManifestSource: Sendable {}
package struct DiskSource: ManifestSource { package init(paths: [String], standardInput: @escaping @Sendable () -> [UInt8]) {} }
package struct LoadResult: Sendable { package var state: DesiredState?; package var diagnostics: [Diagnostic]; package var catalog: SourceCatalog }
package enum ManifestLoader {
  package static func load(sources: [any ManifestSource], schema: ResourceSchema, rules: [any Rule], implicitCluster: ClusterDeclaration?) -> LoadResult { LoadResult(state: nil, diagnostics: [], catalog: SourceCatalog()) }
}
