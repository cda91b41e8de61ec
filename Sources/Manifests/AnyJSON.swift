import Diagnostics
import JSON

/// Turns a node into JSON, where any JSON may stand.
///
/// A small value of its own, because its frames stand on the stack a hundred times: that deep, and
/// no deeper, the reader lets values be nested, aliases included.
struct AnyJSON {
  let tree: YAMLTree
  let keys: [ExactString]
  /// What has no form in JSON.
  var problems: [Diagnostic] = []

  init(tree: YAMLTree, keys: [ExactString]) {
    self.tree = tree
    self.keys = keys
  }

  /// The value of a node; nil when it has none.
  mutating func value(_ node: Int32) -> JSONValue? {
    switch tree.kind(node) {
    case .scalar, .alias: scalar(node)
    case .sequence: list(tree.elements(of: node))
    case .mapping: object(tree.entries(of: node))
    }
  }

  private mutating func list(_ items: [Int32]) -> JSONValue {
    var values: [JSONValue] = []
    for item in items {
      if let value = value(item) { values.append(value) }
    }
    return .array(values)
  }

  private mutating func object(_ entries: [YAMLTree.Entry]) -> JSONValue {
    var members: [JSONObject.Member] = []
    for entry in entries {
      let symbol = tree.nodes[Int(entry.key)].symbol
      if symbol >= 0, let value = value(entry.value) {
        members.append(JSONObject.Member(key: keys[Int(symbol)].string, value: value))
      }
    }
    return .object(JSONObject(members))
  }

  private mutating func scalar(_ node: Int32) -> JSONValue? {
    switch tree.scalar(node) {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .text: return .string(tree.string(node))
    case .integer, .fraction:
      let number = tree.number(node)
      if number.double.isFinite { return .number(number) }
      problems.append(Messages.numberOutOfRange(at: tree.span(node)))
      return nil
    case .notFinite:
      problems.append(Messages.notFinite(at: tree.span(node)))
      return nil
    }
  }
}
