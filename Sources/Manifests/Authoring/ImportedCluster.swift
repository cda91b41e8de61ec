import Diagnostics
package import JSON
package import ResourceModel

/// The manifests of everything that is live on a cluster.
package struct ImportedCluster: Sendable {
  /// One file: its name, what it holds, and what it could not say.
  package struct File: Sendable {
    package var name: String
    package var text: String
    package var warnings: [String]
  }

  /// The cluster first, then a file for each collection, by name.
  package let files: [File]
  /// Everything that is live and that no file can say.
  package var warnings: [String] { files.flatMap(\.warnings) }

  /// A collection that a manifest can say.
  private struct Draft {
    var file: File
    var document: JSONObject
    /// What stands above the document.
    var comments: String
  }

  /// - Parameters:
  ///   - head: the documents that the collections need: the cluster, the workspace.
  ///   - makesClasses: whether what several collections have in common is said in classes, where
  ///     that makes the manifests shorter.
  ///   - isWanted: which collections are written; reserved ones never are.
  package init(
    _ observed: ObservedCluster, cluster: String, head: String, schema: ResourceSchema,
    rules: [any Rule] = [], makesClasses: Bool = false,
    isWanted: (ExactString) -> Bool = { _ in true }
  ) {
    let aliases = AliasIndex(observed.aliases)
    let base = "kind: Cluster\nname: \(YAMLWriter.scalar(cluster))\nurl: http://127.0.0.1:6333\n"
    var files = [File(name: "cluster.yaml", text: head, warnings: [])]
    var drafts: [Draft] = []
    var taken: Set<String> = []
    var remarks = ""
    for name in observed.collectionNames.sorted()
    where isWanted(name) && !name.string.utf8.starts(with: NameRules.reservedPrefix.utf8) {
      guard let collection = observed.collections[name] else {
        let reason = observed.unchecked[name] ?? "it was not read"
        let warning = ImportedCluster.line("\(name) is left out: \(reason)")
        remarks += "# \(warning)\n"
        files[0].warnings.append(warning)
        continue
      }
      let imported = ImportedCollection(
        collection, aliases: aliases.served[name] ?? [], cluster: cluster, schema: schema)
      let file = File(
        name: ImportedCluster.fileName(name, &taken), text: imported.safeText,
        warnings: imported.losses.map {
          ImportedCluster.line("\(name): no manifest can say \($0)")
        })
      let check = ManifestLoader.load(
        sources: [MemorySource(base + "---\n" + file.text)], schema: schema, rules: rules)
      if check.state == nil {
        let reason = check.diagnostics.first { $0.severity == .error }?.message ?? "it is invalid"
        remarks += ImportedCluster.commented(file.text, because: reason)
        files[0].warnings += file.warnings
        files[0].warnings.append(
          ImportedCluster.line("\(name) is only a comment, since \(reason)"))
        continue
      }
      drafts.append(
        Draft(file: file, document: imported.document, comments: imported.comments))
    }
    let plain = drafts.map(\.file)
    let factored = makesClasses ? ImportedCluster.factored(drafts, cluster, schema) : plain
    let proof = FactoredCheck(base: base, schema: schema, rules: rules)
    let isSame =
      factored.count == plain.count || proof.isSame(plain.map(\.text), factored.map(\.text))
    if !isSame {
      files[0].warnings.append(
        "no classes are made, since it could not be proved that they change nothing")
    }
    files += isSame ? factored : plain
    // A file of comments alone would be none: they stand at the end of one with a document.
    if let place = files.firstIndex(where: { !$0.text.isEmpty }) { files[place].text += remarks }
    self.files = files
  }

  /// The workspace that the marks name, when it is one and not the usual one.
  package static func workspace(of observed: ObservedCluster) -> String? {
    let names = Set(observed.collections.values.compactMap { $0.mark?.workspace })
    return names.count == 1 ? names.first.flatMap { $0 == "default" ? nil : $0 } : nil
  }

  /// The files with what is common in a file of classes, when that is shorter.
  private static func factored(
    _ drafts: [Draft], _ cluster: String, _ schema: ResourceSchema
  ) -> [File] {
    let plain = drafts.map(\.file)
    let factoring = ClassFactoring(drafts.map(\.document), prefix: cluster, schema: schema)
    guard !factoring.classes.isEmpty else { return plain }
    let classes = factoring.classes.map(YAMLWriter.document).joined(separator: "---\n")
    var files = [File(name: "classes.yaml", text: classes, warnings: [])]
    for (draft, document) in zip(drafts, factoring.documents) {
      var file = draft.file
      file.text = draft.comments + YAMLWriter.document(document)
      files.append(file)
    }
    func length(_ files: [File]) -> Int { files.reduce(0) { $0 + $1.text.utf8.count } }
    return length(files) < length(plain) ? files : plain
  }

  private static func line(_ text: String) -> String { Sanitizer.line(text) }

  private static func commented(_ text: String, because reason: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    return "# no manifest can say this: \(line(reason))\n"
      + lines.map { "# \($0)\n" }.joined()
  }

  /// A name that is harmless on every disk and is not there yet, whatever the case.
  private static func fileName(_ name: ExactString, _ taken: inout Set<String>) -> String {
    var stem = String(
      name.string.utf8.prefix(100).map { byte -> Character in
        let scalar = Unicode.Scalar(byte)
        let isPlain =
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        return isPlain ? Character(scalar) : "_"
      })
    if stem.isEmpty || ["cluster", "classes"].contains(stem.lowercased()) {
      stem = "collection-" + stem
    }
    var result = stem
    var number = 2
    while !taken.insert(result.lowercased()).inserted {
      result = "\(stem)-\(number)"
      number += 1
    }
    return result + ".yaml"
  }
}

extension ImportedCollection {
  /// The text with comments that cannot end early.
  fileprivate var safeText: String { comments + YAMLWriter.document(document) }

  fileprivate var comments: String {
    losses.map { "# no manifest can say \(Sanitizer.line($0))\n" }.joined()
  }
}
