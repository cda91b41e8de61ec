package import Diagnostics
package import JSON
package import ResourceModel

/// Why a field differs, as far as our mark on the collection tells.
package enum ChangeCause: String, Sendable, Hashable {
  /// The live value is the one that was last applied: the manifest has moved on.
  case pending
  /// The desired value is the one that was last applied: somebody changed the server.
  case drift
  /// Neither: both have changed.
  case conflict
  /// There is no mark to tell by.
  case unknown
}

/// One field that differs.
package struct FieldChange: Sendable, Hashable {
  package var path: FieldPath
  /// The row's place in the list of its kind; nil for a whole named part (a vector).
  package var row: Int?
  /// What the server reports; nil when it is absent.
  package var from: JSONValue?
  /// What is asked for; nil when it is to be absent.
  package var to: JSONValue?
  package var cause: ChangeCause
  /// The place that asks for it.
  package var provenance: Provenance

  package init(
    path: FieldPath, row: Int?, from: JSONValue?, to: JSONValue?, cause: ChangeCause = .unknown,
    provenance: Provenance
  ) {
    self.path = path
    self.row = row
    self.from = from
    self.to = to
    self.cause = cause
    self.provenance = provenance
  }
}

/// How one index, alias or shard key differs.
package struct ChildDiff: Sendable {
  /// What has to happen to it.
  package enum Action: String, Sendable, Hashable { case create, update, delete }

  package var address: ResourceAddress
  package var action: Action
  package var changes: [FieldChange]
  /// What the manifest says; nil for one that is live beyond a complete list.
  package var desired: DesiredResource?
  /// What is live, in manifest shape; an alias's is `{collection: target}`.
  package var observed: JSONObject?
  /// The place that asks for it.
  package var provenance: Provenance
  package var cause: ChangeCause

  /// Where that stands.
  package var span: SourceSpan { provenance.span }
}

/// How one collection differs from its manifest; empty when nothing does.
package struct CollectionDiff: Sendable {
  package var desired: DesiredResource
  package var observed: ObservedCollection?
  package var changes: [FieldChange] = []
  /// Named parts to add and to remove.
  package var addedElements: [DesiredElement] = []
  package var removedElements: [DesiredElement] = []
  package var children: [ChildDiff] = []

  /// Whether the collection is to be made.
  package var isCreation: Bool { desired.isPresent && observed == nil }
  /// Whether the collection is to go.
  package var isDeletion: Bool { !desired.isPresent && observed != nil }

  /// Whether manifest and server agree.
  package var isEmpty: Bool {
    !isCreation && !isDeletion && changes.isEmpty && addedElements.isEmpty
      && removedElements.isEmpty && children.isEmpty
  }
}
