import Diagnostics
import JSON
import ResourceModel

/// A document that is kept until all are read, since others take part in it.
struct CapturedDocument {
  var value: ManifestValue
  /// The folder of its text, for relative files.
  var baseFolder: String
}

/// The documents that are decoded only when everything has been read.
struct Captured {
  var classes: [CapturedDocument] = []
  var collections: [CapturedDocument] = []
}

/// Composition: between reading and assembling, on values that are not decoded yet.
extension ManifestDecoder {
  /// Keeps a document for composition.
  func kept(_ root: Int32) -> CapturedDocument {
    CapturedDocument(value: captured(root), baseFolder: baseFolder)
  }

  /// Whether a document has to wait until all others are read.
  func isComposed(_ entries: [YAMLTree.Entry]) -> Bool {
    entries.contains { symbol($0) == words.classKey }
  }

  /// Puts together and decodes what was kept.
  mutating func compose() {
    var layering = Layering(kind: collectionKind, shortFields: shortFields)
    var table = ClassTable(layering: layering)
    table.isIncomplete = reader.findings.isIncomplete
    for document in captured.classes { declareClass(document, in: &table) }
    // Also those that nobody asks for: a cycle among them is a mistake all the same.
    for name in table.documents.keys.sorted() {
      guard let document = table.documents[name] else { continue }
      _ = table.value(of: [ClassMention(name: name, span: document.span)])
    }
    for document in captured.collections {
      let mentions = classMentions(document.value[words.classKey])
      var value = document.value.without([words.classKey])
      if !mentions.isEmpty {
        guard let lower = table.value(of: mentions) else { continue }
        value = layering.merge(value, over: lower)
      }
      decode(value, of: document)
    }
    for problem in table.problems + table.layering.problems + layering.problems { report(problem) }
    captured = Captured()
  }

  /// Decodes a collection that has been put together.
  mutating func decode(_ value: ManifestValue, of document: CapturedDocument) {
    baseFolder = document.baseFolder
    let root = load(value)
    let name = reader.tree.entries(of: root).first { symbol($0) == words.name }
    collection(root, name: name?.value)
  }

  /// Of each list of children that is a mapping, the key that its short form stands for.
  private var shortFields: [Int32: Int32] {
    var fields: [Int32: Int32] = [:]
    for (spec, key) in zip(childSpecs, childKeys) {
      if case .map(let short) = spec.form { fields[key] = reader.keys.number(of: short) }
    }
    return fields
  }
}
