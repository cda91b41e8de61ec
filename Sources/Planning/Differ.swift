import Diagnostics
import JSON
package import ResourceModel

/// Compares what a manifest asks of a collection with what the server says, by meaning.
///
/// Only what is mentioned is compared. A part that is written as a whole (a quantization, an index)
/// is managed as a whole by the mention of any of its keys.
package struct Differ: Sendable {
  package let schema: ResourceSchema
  let pairs: ManagedPairs
  /// The ids of the cluster's peers, sorted; empty standalone.
  let peers: [UInt64]
  /// Those of them that get copies only where no other peer may hold them.
  let doubtful: Set<UInt64>

  package init(schema: ResourceSchema, cluster: ObservedCluster? = nil) {
    self.schema = schema
    peers = cluster?.identity.peerNumbers ?? []
    doubtful = cluster?.doubtfulPeers ?? []
    pairs = ManagedPairs(schema: schema)
  }

  /// How a collection differs; `aliases` are all of the cluster's.
  package func diff(
    _ desired: DesiredResource, _ observed: ObservedCollection?,
    aliases: AliasIndex
  ) -> CollectionDiff {
    var diff = CollectionDiff(desired: desired, observed: observed)
    guard desired.isPresent else { return diff }
    let cause = CauseFinder(pairs: pairs, mark: observed?.mark?.applied)
    if let observed {
      compareElements(of: desired, with: observed, into: &diff)
      let skipped = diff.addedElements.map(\.path)
      let ignored = desired.lifecycle.ignore
      let isWhole = skipped.isEmpty && ignored.isEmpty
      let fields =
        isWhole
        ? desired.fields
        : desired.fields.filter { field in
          !skipped.contains { field.path.isWithin($0) }
            && !ignored.contains { field.path.isWithin($0) }
        }
      diff.changes = compare(
        fields, with: observed.fields, of: desired.address, cause: cause)
    }
    diff.children = ChildDiffer(differ: self, cause: cause).children(
      of: desired, observed: observed, aliases: aliases)
    return diff
  }

  /// Why a named part that is asked for is not there.
  func cause(ofMissing element: DesiredElement, in diff: CollectionDiff) -> ChangeCause {
    CauseFinder(pairs: pairs, mark: diff.observed?.mark?.applied)
      .cause(ofMissing: element.kind, element.name)
  }

  private func compareElements(
    of desired: DesiredResource, with observed: ObservedCollection, into diff: inout CollectionDiff
  ) {
    for element in desired.elements {
      let isLive = observed.fields.value(at: element.path) != nil
      if element.isPresent && !isLive { diff.addedElements.append(element) }
      if !element.isPresent && isLive { diff.removedElements.append(element) }
    }
  }

  /// The fields that differ, in order of path.
  func compare(
    _ fields: [DesiredField], with observed: JSONObject, of address: ResourceAddress,
    cause: CauseFinder
  ) -> [FieldChange] {
    guard let rows = schema.kinds[address.kind]?.rows else { return [] }
    var changes: [FieldChange] = []
    var blocks: [FieldPath: DesiredField] = [:]
    for field in fields {
      let live = observed.value(at: field.path)
      if !rows[field.row].isSame(field.value, live) {
        changes.append(
          FieldChange(
            path: field.path, row: field.row, from: live.nonNull, to: field.value.nonNull,
            cause: cause.cause(of: field, live: live, address: address),
            provenance: field.provenance))
      }
      guard rows[field.row].block != nil,
        let root = rows[field.row].blockRoot(of: field.path), blocks[root] == nil
      else { continue }
      blocks[root] = field
    }
    for (root, first) in blocks where !rows[first.row].type.isWord {
      changes += unmentioned(below: root, first, fields, observed, address.kind)
    }
    return blocks.isEmpty ? changes : changes.sorted { $0.path < $1.path }
  }

  /// What is live in a part that is managed as a whole and not mentioned.
  private func unmentioned(
    below root: FieldPath, _ first: DesiredField, _ fields: [DesiredField],
    _ observed: JSONObject, _ kind: ResourceKind
  ) -> [FieldChange] {
    let rows = schema.kinds[kind]?.rows ?? []
    let mentioned = Set(fields.map(\.path))
    var changes: [FieldChange] = []
    for leaf in schema.leaves(kind, of: observed, below: root) {
      guard leaf.path != root, !mentioned.contains(leaf.path),
        !rows[leaf.row].isSame(nil, leaf.value),
        !changes.contains(where: { leaf.path.isWithin($0.path) })
      else { continue }
      changes.append(
        FieldChange(
          path: leaf.path, row: leaf.row, from: leaf.value, to: nil,
          provenance: first.provenance))
    }
    return changes
  }
}

extension ValueType {
  /// Whether the row takes one word for the absence of a whole part.
  fileprivate var isWord: Bool {
    if case .word = self { return true }
    return false
  }
}

extension FieldSpec {
  /// The concrete root of the part that a field of this row is written with.
  func blockRoot(of path: FieldPath) -> FieldPath? {
    guard let block else { return nil }
    return FieldPath(Array(path.segments.prefix(block.segments.count)))
  }
}

extension Optional where Wrapped == JSONValue {
  /// `null` and absent are one thing here.
  var nonNull: JSONValue? {
    guard let value = self, !value.isNull else { return nil }
    return value
  }
}

extension JSONValue {
  /// `null` asks for absence.
  var nonNull: JSONValue? { isNull ? nil : self }
}

/// Tells drift from a pending change by what was last applied.
struct CauseFinder: Sendable {
  let pairs: ManagedPairs
  /// What the mark carries; read only when something differs.
  let mark: String?

  private var applied: AppliedHashes? { mark.flatMap { AppliedHashes(base64: $0) } }

  func cause(of field: DesiredField, live: JSONValue?, address: ResourceAddress) -> ChangeCause {
    let child = address.kind == .collection ? nil : address.name
    func pair(_ value: JSONValue?) -> String {
      pairs.pair(address.kind, child: child, path: field.path, row: field.row, value: value)
    }
    guard let applied else { return .unknown }
    if applied.contains(pair(field.value)) { return .drift }
    // What was never managed is the manifest's news, whatever the server says.
    guard applied.contains(pairs.managed(address.kind, child: child, path: field.path)) else {
      return .pending
    }
    return applied.contains(pair(live)) ? .pending : .conflict
  }

  /// The cause of a child or a named part that no server has.
  func cause(ofMissing kind: ResourceKind, _ name: ExactString) -> ChangeCause {
    guard let applied else { return .unknown }
    return applied.contains(pairs.presence(kind, name)) ? .drift : .pending
  }

  /// The cause of a live child that no manifest lists.
  func cause(ofUnlisted address: ResourceAddress) -> ChangeCause {
    guard let applied else { return .unknown }
    return applied.contains(pairs.presence(address.kind, address.name)) ? .pending : .drift
  }
}
