package import Diagnostics
package import ResourceModel

/// Reads manifests: the one entry point of this module.
package enum ManifestLoader {
  /// The state that the manifests ask for, with everything that is to be told about them.
  ///
  /// - Parameters:
  ///   - sources: where texts come from; their order does not matter.
  ///   - schema: the rows of the kinds that live on servers.
  ///   - rules: laws over several fields of one collection.
  ///   - environment: the environment whose variables and overlays are used.
  ///   - implicitCluster: the cluster that collections live on when none is declared.
  package static func load(
    sources: [any ManifestSource], schema: ResourceSchema, rules: [any Rule] = [],
    environment: String? = nil, implicitCluster: ClusterDeclaration? = nil
  ) -> LoadResult {
    var decoder = ManifestDecoder(schema: schema, environment: environment)
    var catalog = SourceCatalog()
    read(texts(of: sources, &decoder), into: &decoder, &catalog)
    decoder.compose()
    var assembler = StateAssembler(
      &decoder, schema: schema, rules: rules, implicitCluster: implicitCluster)
    let state = assembler.assemble()
    let hierarchies = decoder.hierarchies
    for mask in assembler.findings.masks { catalog.mask(mask) }
    let diagnostics = assembler.findings.diagnostics
    let hasErrors = diagnostics.contains { $0.severity == .error }
    var result = LoadResult(
      state: hasErrors ? nil : state,
      diagnostics: DiagnosticReport(diagnostics, catalog: catalog).diagnostics, catalog: catalog)
    result.hierarchies = hierarchies
    result.environments = decoder.environmentNames
    result.clusters = state.clusters
    return result
  }

  /// All texts, each path once.
  private static func texts(
    of sources: [any ManifestSource], _ decoder: inout ManifestDecoder
  ) -> [ManifestText] {
    var seen: Set<String> = []
    var texts = sources.flatMap { $0.texts() }.filter { seen.insert($0.path).inserted }
    texts.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    if texts.isEmpty { decoder.report(Messages.noManifests()) }
    if texts.count > YAMLLimits.files {
      decoder.report(Messages.tooManyFiles())
      texts.removeLast(texts.count - YAMLLimits.files)
    }
    return texts
  }

  private static func read(
    _ texts: [ManifestText], into decoder: inout ManifestDecoder, _ catalog: inout SourceCatalog
  ) {
    for text in texts where !decoder.reader.findings.isFull {
      switch text.content {
      case .bytes(let bytes) where bytes.count <= YAMLLimits.file:
        let file = catalog.add(path: text.path, bytes: bytes)
        decoder.read(file, catalog, path: text.path)
      case .bytes, .tooLarge:
        decoder.report(Messages.fileTooLarge(text.path))
        decoder.reader.findings.isIncomplete = true
      case .unreadable(let reason):
        decoder.report(Messages.unreadable(text.path, reason))
        decoder.reader.findings.isIncomplete = true
      }
    }
  }
}

/// What loading gives.
package struct LoadResult: Sendable {
  /// Nil when there is an error among the diagnostics.
  package var state: DesiredState?
  /// Sorted by place.
  package var diagnostics: [Diagnostic]
  /// The texts, for drawing.
  package var catalog: SourceCatalog
  /// How paths of documents become places.
  package var hierarchies: [Hierarchy] = []
  /// The environments that are declared, whether one was asked for or not.
  package var environments: [String] = []
  /// The clusters that take part, also when there are errors, so that they can be looked at.
  package var clusters: [ClusterDeclaration] = []

  package init(state: DesiredState?, diagnostics: [Diagnostic], catalog: SourceCatalog) {
    self.state = state
    self.diagnostics = diagnostics
    self.catalog = catalog
  }

  /// The diagnostics with what is needed to draw them.
  package var report: DiagnosticReport { DiagnosticReport(diagnostics, catalog: catalog) }
}

extension ManifestDecoder {
  /// Reads one text of the catalogue and decodes its complete documents.
  mutating func read(_ file: Int32, _ catalog: SourceCatalog, path: String) {
    guard let source = catalog.source(file) else { return }
    baseFolder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let told = reader.findings.diagnostics.count
    reader.read(source.bytes, file: file, skippedBytes: source.skippedBytes)
    let documents = reader.tree.documents
    for number in 0..<reader.completeDocuments where !reader.findings.isFull {
      document(documents[number], number: number + 1)
    }
    if documents.isEmpty, reader.findings.diagnostics.count == told {
      let place = SourceSpan(file: file, line: 1, column: 1, endLine: 1, endColumn: 2)
      report(Messages.noDocument(at: place))
    }
  }
}
