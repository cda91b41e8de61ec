import JSON
import ResourceModel

/// A kind's rows as a tree of numbers, so that finding a key's row is an array access.
struct CompiledKind {
  /// What the decoder asks about a place in the tree at every key.
  struct Shape {
    /// The row that ends here.
    var row: Int32 = -1
    /// What follows under any name.
    var anyName: Int32 = -1
    /// The node that a scalar in place of a mapping is for.
    var shortForm: Int32 = -1
    /// The kind's element specification whose container this is.
    var element: Int32 = -1
    var hasChildren = false
    /// Exactly one of the keys may be there.
    var isExclusive = false
    var hasRequired = false
  }

  /// The rest that is known of a place, for messages and building.
  struct Node {
    /// What follows under each key, by the key's number.
    var keys: [Int32: Int] = [:]
    /// The keys that must be there, by their numbers.
    var required: [Int32] = []
    /// The keys from the root, `*` for a name.
    var path: FieldPattern = ""
  }

  /// `a collection`, for messages.
  let name: String
  let rows: [FieldSpec]
  let types: [ValueType]
  let elements: [ElementSpec]
  let ranks: RowRanks
  /// The places below the root that have a key, by its number.
  private(set) var owners: [Int32: [FieldPattern]] = [:]
  /// Keys at the root that the decoder reads by itself, by their numbers.
  var specials: Set<Int32> = []
  private(set) var shapes: [Shape] = [Shape()]
  private(set) var nodes: [Node] = [Node()]
  /// `next[node * symbols + symbol]`: the numbers of all rows' keys are below `symbols`.
  private var next: [Int16] = []
  private var symbols = 0

  init(_ spec: KindSpec, name: String, keys: inout KeyTable) {
    self.name = name
    rows = spec.rows
    types = spec.rows.map(\.type)
    elements = spec.elements
    ranks = RowRanks(spec.rows)
    for (index, row) in spec.rows.enumerated() {
      shapes[insert(row.path, &keys)].row = Int32(truncatingIfNeeded: index)
      if row.presence == .required, case .key(let last)? = row.path.segments.last {
        let parent = insert(FieldPattern(segments: Array(row.path.segments.dropLast())), &keys)
        nodes[parent].required.append(keys.intern(last))
        shapes[parent].hasRequired = true
      }
    }
    for pattern in spec.exclusive { shapes[insert(pattern, &keys)].isExclusive = true }
    for (pattern, key) in spec.shortForms {
      let target = insert(FieldPattern(segments: pattern.segments + [.key(key)]), &keys)
      shapes[insert(pattern, &keys)].shortForm = Int32(truncatingIfNeeded: target)
    }
    for (index, element) in spec.elements.enumerated() {
      shapes[insert(element.container, &keys)].element = Int32(truncatingIfNeeded: index)
    }
  }

  /// Builds the table of steps; to be called once all keys of all kinds have numbers.
  mutating func seal(symbols: Int) {
    self.symbols = symbols
    next = [Int16](repeating: -1, count: symbols * nodes.count)
    for (index, node) in nodes.enumerated() {
      for (symbol, child) in node.keys {
        next[index * symbols + Int(symbol)] = Int16(truncatingIfNeeded: child)
      }
    }
  }

  /// What follows under a key, or -1.
  func child(of node: Int, _ symbol: Int32) -> Int {
    symbol >= 0 && Int(symbol) < symbols ? Int(next[node * symbols + Int(symbol)]) : -1
  }

  private mutating func insert(_ pattern: FieldPattern, _ keys: inout KeyTable) -> Int {
    var node = 0
    for (depth, segment) in pattern.segments.enumerated() {
      let existing: Int?
      let symbol: Int32
      switch segment {
      case .key(let key):
        symbol = keys.intern(key)
        existing = nodes[node].keys[symbol]
      case .name:
        symbol = -1
        existing = shapes[node].anyName >= 0 ? Int(shapes[node].anyName) : nil
      }
      if let existing {
        node = existing
        continue
      }
      let new = nodes.count
      nodes.append(Node(path: FieldPattern(segments: Array(pattern.segments.prefix(depth + 1)))))
      shapes.append(Shape())
      shapes[node].hasChildren = true
      if symbol >= 0 {
        nodes[node].keys[symbol] = new
        if depth > 0 { owners[symbol, default: []].append(nodes[node].path) }
      } else {
        shapes[node].anyName = Int32(truncatingIfNeeded: new)
      }
      node = new
    }
    return node
  }
}

extension FieldPattern {
  /// A pattern by its segments.
  init(segments: [Segment]) {
    self.init(
      segments.map { segment in
        switch segment {
        case .key(let key): key
        case .name: "*"
        }
      }.joined(separator: "."))
  }
}
