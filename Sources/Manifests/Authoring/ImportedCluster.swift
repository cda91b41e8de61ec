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

  /// - Parameters:
  ///   - head: the documents that the collections need: the cluster, the workspace.
  ///   - isWanted: which collections are written; reserved ones never are.
  package init(
    _ observed: ObservedCluster, cluster: String, head: String, schema: ResourceSchema,
    rules: [any Rule] = [], isWanted: (ExactString) -> Bool = { _ in true }
  ) {
    let aliases = AliasIndex(observed.aliases)
    var files = [File(name: "cluster.yaml", text: head, warnings: [])]
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
        sources: [
          MemorySource(
            "kind: Cluster\nname: \(YAMLWriter.scalar(cluster))\n"
              + "url: http://127.0.0.1:6333\n---\n" + file.text)
        ],
        schema: schema, rules: rules)
      if check.state == nil {
        let reason = check.diagnostics.first { $0.severity == .error }?.message ?? "it is invalid"
        remarks += ImportedCluster.commented(file.text, because: reason)
        files[0].warnings += file.warnings
        files[0].warnings.append(
          ImportedCluster.line("\(name) is only a comment, since \(reason)"))
        continue
      }
      files.append(file)
    }
    // A file of comments alone would be none: they stand at the end of one with a document.
    if let place = files.firstIndex(where: { !$0.text.isEmpty }) { files[place].text += remarks }
    self.files = files
  }

  /// The workspace that the marks name, when it is one and not the usual one.
  package static func workspace(of observed: ObservedCluster) -> String? {
    let names = Set(observed.collections.values.compactMap { $0.mark?.workspace })
    return names.count == 1 ? names.first.flatMap { $0 == "default" ? nil : $0 } : nil
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
    if stem.isEmpty || stem.lowercased() == "cluster" { stem = "collection-" + stem }
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
  fileprivate var safeText: String {
    losses.map { "# no manifest can say \(Sanitizer.line($0))\n" }.joined()
      + YAMLWriter.document(document)
  }
}
