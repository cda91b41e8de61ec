package import Diagnostics
package import JSON

/// Where a value came from: the place it was written, and what it went through on the way.
package struct Provenance: Sendable, Hashable {
  /// One station of a value: a class, a tree node, an overlay, a variable.
  package struct Link: Sendable, Hashable {
    /// `class base`, `tree node legal.contracts`, `overlay of prod`, `variable size`, `own`.
    package var description: String
    package var span: SourceSpan

    package init(description: String, span: SourceSpan) {
      self.description = description
      self.span = span
    }
  }

  /// The value itself, as written.
  package var span: SourceSpan
  /// Who said something about the value, from the one that counts least to the one that counts;
  /// empty for a value written in place that nobody else says anything about.
  package var chain: [Link]

  package init(_ span: SourceSpan, chain: [Link] = []) {
    self.span = span
    self.chain = chain
  }

  /// What a document says of itself.
  package static let own = "own"

  /// Whether the document itself has the last word, and not a class, an overlay or a variable.
  package var isOwn: Bool { chain.last.map { $0.description == Provenance.own } ?? true }

  /// The chain, also where it is only the place itself.
  package var contributors: [Link] {
    chain.isEmpty ? [Link(description: Provenance.own, span: span)] : chain
  }
}

/// One value that a manifest asks for.
package struct DesiredField: Sendable, Hashable {
  package var path: FieldPath
  /// As the server takes it; `null` asks for removal where a row allows that.
  package var value: JSONValue
  /// The row's place in the kind's list.
  package var row: Int
  package var provenance: Provenance

  package init(path: FieldPath, value: JSONValue, row: Int, provenance: Provenance) {
    self.path = path
    self.value = value
    self.row = row
    self.provenance = provenance
  }
}

/// A named part (a vector) that a manifest mentions.
package struct DesiredElement: Sendable, Hashable {
  /// `vectors.dense`.
  package var path: FieldPath
  package var kind: ResourceKind
  /// False asks for its removal: `colbert: absent`.
  package var isPresent: Bool
  package var span: SourceSpan
  /// Who says so, as in `Provenance`.
  package var chain: [Provenance.Link] = []

  package init(path: FieldPath, kind: ResourceKind, isPresent: Bool, span: SourceSpan) {
    self.path = path
    self.kind = kind
    self.isPresent = isPresent
    self.span = span
  }

  /// Where it comes from.
  package var provenance: Provenance { Provenance(span, chain: chain) }

  /// The name that was given; empty for the unnamed vector.
  package var name: ExactString { path.segments.last ?? "" }
}

/// A leaf of a hierarchy: what a collection of a tree is, whatever a template calls it.
package struct TreeLeaf: Sendable, Hashable, CustomStringConvertible {
  package var hierarchy: String
  /// The values of the levels that make names, from the root.
  package var values: [String]

  package init(hierarchy: String, values: [String]) {
    self.hierarchy = hierarchy
    self.values = values
  }

  /// As it stands in a mark: `documents/legal/contracts`. No name has a slash.
  package var description: String { ([hierarchy] + values).joined(separator: "/") }
}

/// What the manifests ask of one resource: only what they mention.
package struct DesiredResource: Sendable {
  package var address: ResourceAddress
  /// Where its name stands.
  package var span: SourceSpan
  /// Who says that it is to be there, as in `Provenance`.
  package var chain: [Provenance.Link] = []
  /// Sorted by path.
  package var fields: [DesiredField]
  /// Sorted by path.
  package var elements: [DesiredElement]
  /// Indexes, shard keys and aliases, sorted by address.
  package var children: [DesiredResource]
  /// The lists that were written, which makes them complete where the kind says so.
  package var listedChildren: [ResourceKind: SourceSpan]
  /// Who says each list, as in `Provenance`.
  package var listChains: [ResourceKind: [Provenance.Link]] = [:]
  /// False for `state: absent`.
  package var isPresent: Bool
  package var lifecycle: Lifecycle
  /// The name that it had before, when a hierarchy says that it has moved.
  package var renamedFrom: ExactString?
  /// The leaf of a hierarchy that the collection is; nil when it stands alone.
  package var leaf: TreeLeaf?

  package init(
    address: ResourceAddress, span: SourceSpan, fields: [DesiredField] = [],
    elements: [DesiredElement] = [], children: [DesiredResource] = [],
    listedChildren: [ResourceKind: SourceSpan] = [:], isPresent: Bool = true,
    lifecycle: Lifecycle = Lifecycle()
  ) {
    self.address = address
    self.span = span
    self.fields = fields
    self.elements = elements
    self.children = children
    self.listedChildren = listedChildren
    self.isPresent = isPresent
    self.lifecycle = lifecycle
  }

  /// Where it comes from.
  package var provenance: Provenance { Provenance(span, chain: chain) }

  /// Who says a list of children, when it was written.
  package func provenance(ofList kind: ResourceKind) -> Provenance? {
    listedChildren[kind].map { Provenance($0, chain: listChains[kind] ?? []) }
  }

  /// The field of that path, when it is mentioned.
  package func field(_ path: FieldPath) -> DesiredField? { fields.first { $0.path == path } }
}

/// Everything that the manifests ask for.
package struct DesiredState: Sendable {
  package var workspace: WorkspaceSettings
  /// Sorted by name.
  package var clusters: [ClusterDeclaration]
  /// Collections, sorted by address; a collection on two clusters stands here twice.
  package var collections: [DesiredResource]
  /// The environment that was selected.
  package var environment: String?
  /// Sorted by name.
  package var policies: [PolicyDeclaration] = []

  package init(
    workspace: WorkspaceSettings, clusters: [ClusterDeclaration], collections: [DesiredResource]
  ) {
    self.workspace = workspace
    self.clusters = clusters
    self.collections = collections
  }
}
