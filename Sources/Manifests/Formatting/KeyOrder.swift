import JSON
import ResourceModel

/// The order in which keys are written: that in which the rows of a kind are declared.
///
/// Names that people give keep the order in which they were written, and so does what no row knows.
struct KeyOrder: Sendable {
  /// The places of the keys that are known here.
  private var ranks: [String: Int] = [:]
  private var keys: [String: KeyOrder] = [:]
  /// What follows under a name that a person gave.
  private var named: [KeyOrder] = []
  /// What the items of a list are like.
  private var items: [KeyOrder] = []
  /// Keys that make a mapping the one unnamed element of those that could stand here.
  private var anonymousKeys: Set<String> = []

  /// Whether nothing is known here.
  var isEmpty: Bool { ranks.isEmpty && named.isEmpty && items.isEmpty }

  /// The place of a key among those of a mapping; unknown ones have none.
  func rank(_ key: String) -> Int? { ranks[key] }

  /// What is known under a key.
  func under(_ key: String) -> KeyOrder { keys[key] ?? named.first ?? KeyOrder() }

  /// What is known of the items of a list.
  var ofItems: KeyOrder { items.first ?? KeyOrder() }

  /// What counts for a mapping with those keys: an element's order when it is the unnamed one.
  func applied(to present: [String]) -> KeyOrder {
    guard let element = named.first, !anonymousKeys.isEmpty,
      !present.isEmpty, present.allSatisfy({ element.ranks[$0] != nil })
    else { return self }
    return element
  }

  private mutating func insert(_ path: ArraySlice<FieldPattern.Segment>) {
    guard let first = path.first else { return }
    switch first {
    case .key(let key):
      declare(key)
      keys[key, default: KeyOrder()].insert(path.dropFirst())
    case .name:
      if named.isEmpty { named.append(KeyOrder()) }
      named[0].insert(path.dropFirst())
    }
  }

  private mutating func declare(_ key: String) {
    if ranks[key] == nil { ranks[key] = ranks.count }
  }

  private mutating func insert(_ rows: [FieldSpec]) {
    for row in rows { insert(row.path.segments[...]) }
  }
}

extension KeyOrder {
  /// What every document begins with, then what says where it belongs.
  private static let head = ["kind", "name", "cluster", "class"]
  /// What a person wants to read of a collection first: what it holds.
  private static let content = ["vectors", "sparse_vectors"]

  /// The order of the documents of a kind: `Collection`, `Cluster`.
  init(kind: String, schema: ResourceSchema) {
    for key in KeyOrder.head where kind != "Hierarchy" || key != "class" { declare(key) }
    switch kind {
    case "Collection", "Class": collection(schema)
    case "Cluster": insert(LocalKinds.cluster.rows)
    case "Workspace": insert(LocalKinds.workspace.rows)
    case "Environment": insert(LocalKinds.environment.rows)
    case "Hierarchy":
      for key in ["levels", "names", "class"] { declare(key) }
      insert(LocalKinds.hierarchy.rows)
    case "Policy": for key in ["applies_to", "rules", "waivers"] { declare(key) }
    default: break
    }
  }

  private mutating func collection(_ schema: ResourceSchema) {
    guard let spec = schema.kinds[.collection] else { return }
    for key in ["labels"] + KeyOrder.content { declare(key) }
    // What the server only keeps comes after what it acts on.
    insert(spec.rows.filter { $0.path.segments.first != .key("metadata") })
    insert(spec.rows)
    for element in spec.elements {
      guard case .key(let key)? = element.container.segments.first else { continue }
      keys[key]?.anonymousKeys = Set(element.anonymousKeys)
    }
    for child in spec.children {
      declare(child.key)
      var body = KeyOrder()
      var place = KeyOrder()
      switch child.form {
      case .map:
        body.insert(schema.kinds[child.kind]?.rows ?? [])
        place.named = [body]
      case .list(let nameField):
        body.declare(nameField)
        body.insert(schema.kinds[child.kind]?.rows ?? [])
        place.items = [body]
      }
      keys[child.key] = place
    }
    declare("lifecycle")
    var lifecycle = KeyOrder()
    lifecycle.insert(LocalKinds.lifecycle.rows)
    var gate = KeyOrder()
    gate.insert(LocalKinds.gate.rows)
    var gates = KeyOrder()
    gates.items = [gate]
    lifecycle.keys["gates"] = gates
    keys["lifecycle"] = lifecycle
    declare("generations")
  }
}

extension KeyOrder {
  /// Values by their keys in this order; those without a place stay behind the one before them.
  func sorted<Element>(_ elements: [Element], key: (Element) -> String?) -> [Element] {
    let order = applied(to: elements.compactMap(key))
    var rank = -1
    let ranked = elements.enumerated().map { index, element in
      rank = key(element).flatMap(order.rank) ?? rank
      return (rank: rank, index: index, element: element)
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.element)
  }

  /// A document with its keys in this order.
  func sorted(_ object: JSONObject) -> JSONObject {
    let order = applied(to: object.members.map(\.key))
    return JSONObject(
      sorted(object.members, key: \.key).map { member in
        JSONObject.Member(key: member.key, value: order.under(member.key).sorted(member.value))
      })
  }

  private func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object): .object(sorted(object))
    case .array(let elements): .array(elements.map { ofItems.sorted($0) })
    default: value
    }
  }
}
