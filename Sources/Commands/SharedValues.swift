import Diagnostics
import Policies
import ResourceModel

/// Who takes a value from one place, in every environment, and whether an edit is right for all.
///
/// A value of a class, a tree or an overlay is changed for whoever takes it. That is right only
/// when each of them violates the same policy and would get the same edit.
struct SharedValues {
  /// A resource that takes a value, in one environment.
  private struct Taker: Hashable {
    var address: ResourceAddress
    var environment: String?
  }

  /// What one resource is to have changed.
  private struct Wish: Hashable {
    var taker: Taker
    var edit: ManifestEdit
  }

  private var takers: [SourceSpan: [Taker]] = [:]
  private var wishes: Set<Wish> = []
  /// Environments in which the manifests are wrong, so that nobody knows who takes what.
  private var broken: [String] = []

  /// - Parameter findings: what the policies find in a state.
  init(
    _ meanings: [(environment: String?, state: DesiredState?)],
    findings: (DesiredState) -> [PolicyFinding]
  ) {
    for (environment, state) in meanings {
      guard let state else {
        // Without an environment manifests with variables mean nothing, and harm nobody.
        if let environment { broken.append(environment) }
        continue
      }
      for collection in state.collections { add(collection, environment) }
      for cluster in state.clusters {
        for span in cluster.spans.values { add(span, .cluster(cluster.name), environment) }
      }
      for finding in findings(state) {
        guard let edit = finding.violation.fix else { continue }
        let taker = Taker(address: finding.violation.address, environment: environment)
        wishes.insert(Wish(taker: taker, edit: edit))
      }
    }
  }

  private mutating func add(_ resource: DesiredResource, _ environment: String?) {
    for field in resource.fields + resource.lifecycle.written {
      add(field.provenance.span, resource.address, environment)
    }
    for child in resource.children { add(child, environment) }
  }

  private mutating func add(
    _ span: SourceSpan, _ address: ResourceAddress, _ environment: String?
  ) {
    takers[span, default: []].append(Taker(address: address, environment: environment))
  }

  /// Why a value may not be changed for all that take it; nil when it may, or is nobody else's.
  func objection(to edit: ManifestEdit) -> String? {
    guard case .value(let span) = edit.target else { return nil }
    if let name = broken.first {
      return "with --environment \(name) the manifests are wrong, so that nobody knows who takes it"
    }
    let other = (takers[span] ?? []).first { !wishes.contains(Wish(taker: $0, edit: edit)) }
    guard let other else { return nil }
    let place = other.environment.map { " in environment \($0)" } ?? ""
    return "\(other.address)\(place) takes the value from there as well, "
      + "and no policy asks the same of it"
  }
}
