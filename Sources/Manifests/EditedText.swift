import Diagnostics
import JSON
import ResourceModel

/// A text with its tree and what its documents mean.
struct EditedText {
  typealias Refusal = ManifestEditor.Refusal

  /// What an edit does to the text, and what the documents have to mean then.
  struct Change {
    var range: Range<Int>
    var text: String
    var values: [JSONValue]
  }

  let bytes: [UInt8]
  let tree: YAMLTree
  let keys: [ExactString]
  let values: [JSONValue]
  private let lines: [Int]

  init(_ bytes: [UInt8]) throws(Refusal) {
    var reader = YAMLReader()
    reader.read(bytes, file: 0, skippedBytes: 0)
    guard !reader.findings.diagnostics.contains(where: { $0.severity == .error }) else {
      throw Refusal(reason: "the text could not be read again")
    }
    self.bytes = bytes
    tree = reader.tree
    keys = reader.keys.strings
    var values: [JSONValue] = []
    for document in reader.tree.documents {
      var reading = AnyJSON(tree: reader.tree, keys: reader.keys.strings)
      values.append(reading.value(document) ?? .null)
    }
    self.values = values
    lines = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  /// The document whose name stands there.
  func document(named place: SourceSpan) -> Int? {
    tree.documents.firstIndex { root in
      ownEntries(root).contains { entry in
        let value = tree.nodes[Int(entry.value)]
        return name(entry.key) == "name" && value.line == place.line
          && value.column == place.column
      }
    }
  }

  func verify(_ expected: [JSONValue]) throws(Refusal) {
    let isSame =
      expected.count == values.count
      && zip(expected, values).allSatisfy { $0.isEquivalent(to: $1) }
    guard isSame else {
      throw Refusal(reason: "the edit would change something else as well")
    }
  }

  /// What has to be done to the text for an edit.
  func change(
    _ document: Int, _ path: [ExactString], existing: Int, _ edit: ManifestEdit
  ) throws(Refusal) -> Change {
    var node = tree.documents[document]
    for (depth, key) in path.enumerated() {
      let isShort = depth == path.count - 1 && tree.nodes[Int(node)].kind == .scalar
      if isShort, let short = edit.shortField {
        let range = try scalar(node)
        let old = String(decoding: bytes[range], as: UTF8.self)
        let text = "{\(short): \(old), \(FlowText.key(key)): \(FlowText.value(edit.value))}"
        var object: JSONObject = [:]
        object[short] = values[document][path: path.dropLast().map(\.string)]
        object[key.string] = edit.value
        return change(range, text, document, Array(path.dropLast()), .object(object))
      }
      guard tree.nodes[Int(node)].kind == .mapping else {
        throw Refusal(reason: "it stands behind an alias, or is no mapping")
      }
      guard let entry = ownEntries(node).first(where: { name($0.key) == key }) else {
        guard !tree.nodes[Int(node)].hasMerge else {
          throw Refusal(reason: "parts of it come from a merge key")
        }
        guard depth >= existing else { throw Refusal(reason: "'\(key)' is written otherwise") }
        let (place, text) = try insertion(node, Array(path[depth...]), edit.value)
        return change(place..<place, text, document, path, edit.value)
      }
      node = entry.value
    }
    return change(try scalar(node), FlowText.value(edit.value), document, path, edit.value)
  }

  /// What has to be done to the text for another value at a place.
  func change(at place: TextPlace, _ value: JSONValue) throws(Refusal) -> Change {
    guard let node = node(at: place) else {
      throw Refusal(reason: "the value is written otherwise where it stands")
    }
    let range = try scalar(node)
    guard !VariableText.isMarked(bytes[range]) else {
      throw Refusal(reason: "a variable says it, which may stand elsewhere as well")
    }
    var expected = values
    expected[place.document] = values[place.document].setting(value, at: place.steps[...])
    return Change(range: range, text: FlowText.value(value), values: expected)
  }

  private func change(
    _ range: Range<Int>, _ text: String, _ document: Int, _ path: [ExactString],
    _ value: JSONValue
  ) -> Change {
    var expected = values
    if var object = values[document].object {
      object.set(value, at: path.map(\.string))
      expected[document] = .object(object)
    }
    return Change(range: range, text: text, values: expected)
  }

  /// The bytes of a scalar on one line.
  func scalar(_ node: Int32) throws(Refusal) -> Range<Int> {
    let scalar = tree.nodes[Int(node)]
    let range = offset(scalar.line, scalar.column)..<offset(scalar.endLine, scalar.endColumn)
    guard scalar.kind == .scalar, scalar.line == scalar.endLine, !range.isEmpty,
      !"|>".utf8.contains(bytes[range.lowerBound])
    else { throw Refusal(reason: "the value is no single word or number on one line") }
    return range
  }

  /// Where a key goes into a mapping that is written in lines, and the text with its line break.
  private func insertion(
    _ mapping: Int32, _ path: [ExactString], _ value: JSONValue
  ) throws(Refusal) -> (Int, String) {
    let node = tree.nodes[Int(mapping)]
    guard !isFlow(mapping) else {
      throw Refusal(reason: "the mapping is written in braces or has an anchor")
    }
    let indent = String(repeating: " ", count: Int(node.column) - 1)
    for entry in ownEntries(mapping).reversed() {
      guard let end = endOfLine(after: entry.value) else { continue }
      var lines: [String] = []
      for (depth, key) in path.enumerated() {
        let inner = indent + String(repeating: "  ", count: depth) + FlowText.key(key) + ":"
        lines.append(depth == path.count - 1 ? inner + " " + FlowText.value(value) : inner)
      }
      let isPair = end > 0 && end < bytes.count && bytes[end - 1] == 0x0D
      let lineBreak = isPair ? "\r\n" : "\n"
      let text = lines.joined(separator: lineBreak)
      if end == bytes.count { return (end, lineBreak + text) }
      return (end + 1, text + lineBreak)
    }
    throw Refusal(reason: "there is no line after which a key could stand")
  }

  /// The line break (or the end of the text) behind a value, when only a comment stands before it.
  private func endOfLine(after value: Int32) -> Int? {
    var leaf = value
    while [.mapping, .sequence].contains(tree.nodes[Int(leaf)].kind), !isFlow(leaf) {
      guard let last = children(leaf).last else { return nil }
      leaf = last
    }
    let node = tree.nodes[Int(leaf)]
    let start = offset(node.line, node.column)
    if node.kind == .scalar, start < bytes.count, "|>".utf8.contains(bytes[start]) { return nil }
    let from = offset(node.endLine, node.endColumn)
    let end = bytes[from...].firstIndex(of: 0x0A) ?? bytes.count
    let rest = bytes[from..<end].drop { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    return rest.isEmpty || rest.first == UInt8(ascii: "#") ? end : nil
  }

  private func isFlow(_ node: Int32) -> Bool {
    let at = offset(tree.nodes[Int(node)].line, tree.nodes[Int(node)].column)
    guard [.mapping, .sequence].contains(tree.nodes[Int(node)].kind), at < bytes.count else {
      return false
    }
    // What begins with an anchor is not looked into.
    return "{[&".utf8.contains(bytes[at])
  }

  private func children(_ node: Int32) -> [Int32] {
    tree.nodes[Int(node)].kind == .mapping
      ? ownEntries(node).map(\.value) : tree.elements(of: node)
  }

  /// The entries that stand in a mapping itself.
  func ownEntries(_ mapping: Int32) -> [YAMLTree.Entry] {
    guard tree.nodes[Int(mapping)].kind == .mapping else { return [] }
    var entries: [YAMLTree.Entry] = []
    var key = mapping + 1
    while key < tree.nodes[Int(mapping)].end {
      let value = tree.nodes[Int(key)].end
      entries.append(YAMLTree.Entry(key: key, value: value))
      key = tree.nodes[Int(value)].end
    }
    return entries
  }

  func name(_ key: Int32) -> ExactString? {
    let symbol = tree.nodes[Int(key)].symbol
    return symbol >= 0 ? keys[Int(symbol)] : nil
  }

  /// The byte of a place; columns count scalars.
  private func offset(_ line: Int32, _ column: Int32) -> Int {
    guard line >= 1, Int(line) <= lines.count else { return bytes.count }
    var at = lines[Int(line) - 1]
    var left = Int(column) - 1
    while left > 0, at < bytes.count {
      at += 1
      while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
      left -= 1
    }
    return at
  }
}

/// Keys and values as they are put into a text.
private enum FlowText {
  static func key(_ key: ExactString) -> String { YAMLWriter.scalar(key.string) }

  static func value(_ value: JSONValue) -> String {
    value.string.map(YAMLWriter.scalar) ?? value.text()
  }
}
