import JSON
import ResourceModel

/// Takes out of a manifest what a server of that version would drop or refuse, with the reason.
///
/// Servers ignore unknown keys with status 200, so that the client has to hold the table.
struct VersionGate {
  let schema: ResourceSchema
  let identity: ClusterIdentity
  let locate: Planner.Locate

  /// What can be asked of the server, and refusals for the rest.
  func split(_ desired: DesiredResource) -> (DesiredResource, [Refusal]) {
    var allowed = desired
    var refusals: [Refusal] = []
    for field in desired.fields where !passes(field, of: desired.address, &refusals) {
      allowed.fields.removeAll { $0.path == field.path }
    }
    let placement = PlacementGate(identity: identity, locate: locate)
    guard !desired.children.isEmpty else {
      placement.check(&allowed, &refusals)
      return (allowed, refusals)
    }
    allowed.children = desired.children.compactMap { child in
      if child.address.kind == .shardKey, !identity.isDistributed {
        refusals.append(
          Messages.shardKeysNeedCluster(
            child.address, Locating.position(of: child.provenance, locate)))
        return nil
      }
      var child = child
      let count = refusals.count
      child.fields = child.fields.filter { passes($0, of: child.address, &refusals) }
      let lostItsType = refusals.count > count && child.address.kind == .index
      return lostItsType ? nil : child
    }
    placement.check(&allowed, &refusals)
    return (allowed, refusals)
  }

  private func passes(
    _ field: DesiredField, of address: ResourceAddress, _ refusals: inout [Refusal]
  ) -> Bool {
    guard let rows = schema.kinds[address.kind]?.rows else { return true }
    let isPlain =
      rows[field.row].since == nil && rows[field.row].removedIn == nil
      && rows[field.row].valuesSince.isEmpty
    // Most rows are as old as the oldest server, and copying one is not cheap.
    guard !isPlain else { return true }
    let row = rows[field.row]
    let version = identity.version
    let position = Locating.position(of: field.provenance, locate)
    if let since = row.since, version < since {
      refusals.append(
        Messages.tooNew(address, field.path, since: since, version: version, position))
      return false
    }
    if let removed = row.removedIn, version >= removed {
      refusals.append(
        Messages.removed(address, field.path, in: removed, version: version, position))
      return false
    }
    if let word = field.value.string, let since = row.valuesSince[word], version < since {
      refusals.append(
        Messages.valueTooNew(
          address, field, needs: since, version: version, position: position))
      return false
    }
    return true
  }
}
