import JSON

/// A part of a kind whose keys are names that people give: `vectors.*`, `sparse_vectors.*`.
package struct ElementSpec: Sendable {
  /// The key that holds them: `vectors`.
  package var container: FieldPattern
  /// What an operation on one of them is addressed to.
  package var kind: ResourceKind
  /// Keys that, found directly in the container, make it the one unnamed element.
  package var anonymousKeys: [String]
  /// The first server that adds and drops single ones.
  package var ownEndpointSince: ServerVersion
  /// What must hold for a name, in bytes of UTF-8.
  package var nameBytes: ClosedRange<Int>

  package init(
    container: FieldPattern, kind: ResourceKind, anonymousKeys: [String],
    ownEndpointSince: ServerVersion, nameBytes: ClosedRange<Int>
  ) {
    self.container = container
    self.kind = kind
    self.anonymousKeys = anonymousKeys
    self.ownEndpointSince = ownEndpointSince
    self.nameBytes = nameBytes
  }
}

/// Things of another kind that a manifest lists inside this one.
package struct ChildSpec: Sendable {
  /// How they are written.
  package enum Form: Sendable, Hashable {
    /// A mapping from name to body; a scalar is short for a body with that one field.
    case map(shortField: String)
    /// A list of names or of bodies with the name in that field.
    case list(nameField: String)
  }

  /// The key in the manifest: `payload_indexes`.
  package var key: String
  package var kind: ResourceKind
  package var form: Form
  /// Whether what is live beyond the list is a removal (shard keys hold data: never by omission).
  package var isComplete: Bool

  package init(key: String, kind: ResourceKind, form: Form, isComplete: Bool) {
    self.key = key
    self.kind = kind
    self.form = form
    self.isComplete = isComplete
  }
}

/// A kind: its rows, its named parts, what it contains.
package struct KindSpec: Sendable {
  package var kind: ResourceKind
  package var rows: [FieldSpec]
  package var elements: [ElementSpec]
  package var children: [ChildSpec]
  /// Parts of which exactly one alternative may be given: quantization's wrappers.
  package var exclusive: [FieldPattern]
  /// The sections of the update request in the order in which the server carries them out.
  package var sections: [String]
  /// Parts where a scalar is short for a mapping: `stopwords: english` is `languages: [english]`.
  package var shortForms: [FieldPattern: String]

  package init(
    kind: ResourceKind, rows: [FieldSpec], elements: [ElementSpec] = [],
    children: [ChildSpec] = [], exclusive: [FieldPattern] = [], sections: [String] = [],
    shortForms: [FieldPattern: String] = [:]
  ) {
    self.kind = kind
    self.rows = rows
    self.elements = elements
    self.children = children
    self.exclusive = exclusive
    self.sections = sections
    self.shortForms = shortForms
  }
}

/// All kinds with their rows, and the look-ups over them.
package struct ResourceSchema: Sendable {
  package let kinds: [ResourceKind: KindSpec]
  /// The rules that a policy may demand.
  package let policyRules: [PolicyRuleSpec]
  private let trees: [ResourceKind: RowTree]

  package init(_ kinds: [KindSpec], policyRules: [PolicyRuleSpec] = []) {
    self.policyRules = policyRules
    self.kinds = Dictionary(uniqueKeysWithValues: kinds.map { ($0.kind, $0) })
    trees = self.kinds.mapValues { RowTree(rows: $0.rows) }
  }

  /// The same kinds with rules that a policy may demand.
  package func demanding(_ rules: [PolicyRuleSpec]) -> ResourceSchema {
    ResourceSchema(Array(kinds.values), policyRules: rules)
  }

  /// The row of a field, or nil when the kind has none of that path.
  package func row(_ kind: ResourceKind, _ path: FieldPath) -> FieldSpec? {
    guard let spec = kinds[kind], let index = trees[kind]?.index(of: path) else { return nil }
    return spec.rows[index]
  }

  /// The rows of a kind as a tree.
  package func tree(_ kind: ResourceKind) -> RowTree { trees[kind] ?? RowTree(rows: []) }
}

/// Rows by their keys, so that a decoder and a differ walk instead of searching.
package struct RowTree: Sendable {
  /// The row that ends here, by its place in the kind's list.
  package private(set) var row: Int?
  /// Whether the row that ends here says something by its object being there.
  package private(set) var isMarker = false
  /// What follows under each key.
  package private(set) var keys: [String: RowTree] = [:]
  /// What follows under any name.
  private var named: [RowTree] = []

  /// What follows under a name that a person gave, when names are allowed here.
  package var anyName: RowTree? { named.first }

  package init(rows: [FieldSpec]) {
    for (index, row) in rows.enumerated() {
      insert(row.path.segments[...], index, isMarker: row.type == .object)
    }
  }

  private init() {}

  private mutating func insert(
    _ path: ArraySlice<FieldPattern.Segment>, _ index: Int, isMarker: Bool
  ) {
    guard let first = path.first else {
      row = index
      self.isMarker = isMarker
      return
    }
    switch first {
    case .key(let key):
      keys[key, default: RowTree()].insert(path.dropFirst(), index, isMarker: isMarker)
    case .name:
      if named.isEmpty { named.append(RowTree()) }
      named[0].insert(path.dropFirst(), index, isMarker: isMarker)
    }
  }

  /// The place of the row whose pattern a path matches.
  package func index(of path: FieldPath) -> Int? {
    node(at: path)?.row
  }

  /// The node at a path.
  package func node(at path: FieldPath) -> RowTree? {
    var node = self
    for segment in path.segments {
      guard let next = node.keys[segment.string] ?? node.anyName else { return nil }
      node = next
    }
    return node
  }
}
