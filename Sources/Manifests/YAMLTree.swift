import Diagnostics
import JSON
import ResourceModel

/// A node of a YAML text: 52 bytes in one array, children right behind their parent.
struct YAMLNode {
  /// What a node is.
  enum Kind: UInt8 { case scalar, mapping, sequence, alias }

  var kind: Kind
  /// Written without quotes, so that `true` is a Boolean.
  var isPlain = false
  /// A mapping with `<<` in it.
  var hasMerge = false
  /// The place after the last node below this one.
  var end: Int32 = 0
  /// Of a scalar value: where its text starts. Of an alias: the node that it stands for.
  var text: Int32 = 0
  /// Of a scalar value: the text's length in bytes.
  var length: Int32 = 0
  /// Of a scalar key: its number.
  var symbol: Int32 = -1
  var line: Int32
  var column: Int32
  var endLine: Int32
  var endColumn: Int32
}

/// The nodes of one text, all documents together.
///
/// Every walk over it ends and is at most 100 levels deep, aliases included: the reader refuses the
/// rest.
struct YAMLTree {
  var file: Int32 = 0
  var nodes: [YAMLNode] = []
  /// The texts of all scalar values, one after the other.
  var text: [UInt8] = []
  /// The roots of the complete documents.
  var documents: [Int32] = []
  /// Of each node of a composed document where it comes from; empty for a text as it was read.
  var origins: [Origin] = []
  /// The number of the key `<<`.
  let mergeSymbol: Int32

  /// Where a node of a composed document comes from.
  struct Origin {
    var file: Int32
    var chain: [Provenance.Link]
  }

  init(mergeSymbol: Int32) { self.mergeSymbol = mergeSymbol }

  /// Makes room for the next text.
  mutating func reset(file: Int32) {
    self.file = file
    nodes.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
  }

  /// Where a node stands.
  func span(_ index: Int32) -> SourceSpan {
    let node = nodes[Int(index)]
    return SourceSpan(
      file: origins.isEmpty ? file : origins[Int(index)].file, line: node.line, column: node.column,
      endLine: node.endLine,
      endColumn: node.endColumn)
  }

  /// What a node went through in composition.
  func chain(_ node: Int32) -> [Provenance.Link] {
    origins.isEmpty ? [] : origins[Int(node)].chain
  }

  /// The node itself, or what an alias stands for.
  func resolved(_ node: Int32) -> Int32 {
    var node = node
    while nodes[Int(node)].kind == .alias { node = nodes[Int(node)].text }
    return node
  }

  /// The kind of a node, aliases followed.
  func kind(_ node: Int32) -> YAMLNode.Kind { nodes[Int(resolved(node))].kind }

  /// The text of a scalar value (not of a key).
  func string(_ node: Int32) -> String {
    let node = nodes[Int(resolved(node))]
    guard node.kind == .scalar else { return "" }
    return text.withUnsafeBufferPointer {
      String(
        decoding: $0[Int(node.text)..<(Int(node.text) + Int(node.length))], as: UTF8.self)
    }
  }

  /// The elements of a sequence.
  func elements(of sequence: Int32) -> [Int32] {
    let sequence = resolved(sequence)
    guard nodes[Int(sequence)].kind == .sequence else { return [] }
    var elements: [Int32] = []
    var next = sequence + 1
    while next < nodes[Int(sequence)].end {
      elements.append(next)
      next = nodes[Int(next)].end
    }
    return elements
  }

  /// One key with its value.
  struct Entry {
    var key: Int32
    var value: Int32
  }

  /// The entries of a mapping as they count: its own, then what `<<` brings and it does not have.
  func entries(of mapping: Int32) -> [Entry] {
    let mapping = resolved(mapping)
    guard nodes[Int(mapping)].kind == .mapping else { return [] }
    var entries: [Entry] = []
    var merged: [Int32] = []
    var next = mapping + 1
    while next < nodes[Int(mapping)].end {
      let value = nodes[Int(next)].end
      if isMerge(next) {
        merged.append(value)
      } else {
        entries.append(Entry(key: next, value: value))
      }
      next = nodes[Int(value)].end
    }
    if merged.isEmpty { return entries }
    var seen = Set(entries.map { nodes[Int($0.key)].symbol })
    for entry in merged.flatMap(mergedEntries)
    where seen.insert(nodes[Int(entry.key)].symbol).inserted {
      entries.append(entry)
    }
    return entries
  }

  /// What the value of one `<<` brings, the earlier of a list first.
  func mergedEntries(_ value: Int32) -> [Entry] {
    kind(value) == .sequence
      ? elements(of: value).flatMap { entries(of: $0) } : entries(of: value)
  }

  /// Whether a key is the merge key: `<<` in quotes is a key like any other.
  func isMerge(_ key: Int32) -> Bool {
    nodes[Int(key)].symbol == mergeSymbol && nodes[Int(key)].isPlain
  }
}
