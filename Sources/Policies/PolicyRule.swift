package import Diagnostics
package import JSON
package import ResourceModel

/// A rule that a policy may demand: a row of facts about it, and a function of values.
///
/// It knows no clock, no file and no server; everything it looks at comes in.
package protocol PolicyRule: Sendable {
  /// What is to be known of it.
  var spec: PolicyRuleSpec { get }

  /// Everything in the input that does not satisfy it.
  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation]
}

/// A rule about single collections; those that are to be absent are none of its business.
protocol CollectionRule: PolicyRule {
  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation]
}

extension CollectionRule {
  package func violations(
    _ input: PolicyInput, _ settings: PolicySettings
  ) -> [PolicyViolation] {
    input.collections.filter(\.isPresent).flatMap { check($0, settings) }
  }
}

/// A rule about single clusters.
protocol ClusterRule: PolicyRule {
  func check(_ cluster: ClusterDeclaration, _ settings: PolicySettings) -> [PolicyViolation]
}

extension ClusterRule {
  package func violations(
    _ input: PolicyInput, _ settings: PolicySettings
  ) -> [PolicyViolation] {
    input.clusters.flatMap { check($0, settings) }
  }
}

/// A rule about what a live collection is beside what the manifests ask of it.
protocol ObservationRule: PolicyRule {
  func check(
    _ collection: DesiredResource, _ live: ObservedCollection?, _ cluster: ClusterIdentity,
    _ settings: PolicySettings
  ) -> [PolicyViolation]
}

extension ObservationRule {
  package func violations(
    _ input: PolicyInput, _ settings: PolicySettings
  ) -> [PolicyViolation] {
    input.collections.filter(\.isPresent).flatMap { collection -> [PolicyViolation] in
      guard let cluster = input.observed?[collection.address.cluster],
        cluster.unchecked[collection.address.collection] == nil
      else { return [] }
      let live = cluster.collections[collection.address.collection]
      return check(collection, live, cluster.identity, settings)
    }
  }
}

/// One thing that does not satisfy a rule.
package struct PolicyViolation: Sendable, Hashable {
  package var address: ResourceAddress
  /// The field that is wrong or missing; empty when it is no single field.
  package var path: FieldPath
  /// The value, or what it should stand in, with who says so; nil when it concerns no place in a
  /// file.
  package var provenance: Provenance?
  /// Expected before found, without a full stop.
  package var message: String
  /// What to do about it.
  package var hint: String?
  /// The one edit that satisfies the rule, when there is exactly one.
  package var fix: ManifestEdit?

  package init(
    _ address: ResourceAddress, path: FieldPath = FieldPath([]), at provenance: Provenance?,
    _ message: String, hint: String? = nil, fix: ManifestEdit? = nil
  ) {
    self.address = address
    self.path = path
    self.provenance = provenance
    self.message = message
    self.hint = hint
    self.fix = fix
  }

  /// Where the value stands.
  package var span: SourceSpan? { provenance?.span }
}

/// The parameters of a rule as a policy gives them, with the standard values of the rest.
package struct PolicySettings: Sendable {
  private let spec: PolicyRuleSpec
  private let given: JSONObject

  package init(_ spec: PolicyRuleSpec, _ given: JSONObject = [:]) {
    self.spec = spec
    self.given = given
  }

  /// The value that holds; nil for a parameter that the rule does not have.
  package func value(_ name: String) -> JSONValue? {
    given[name] ?? spec.parameters.first { $0.name == name }?.standard
  }

  /// An integer, 0 when there is none.
  func integer(_ name: String) -> Int { value(name)?.integer ?? 0 }

  /// A number, 0 when there is none.
  func number(_ name: String) -> Double { value(name)?.double ?? 0 }

  /// A text, empty when there is none.
  func text(_ name: String) -> String { value(name)?.string ?? "" }

  /// The texts of a list.
  func texts(_ name: String) -> [String] { value(name)?.array?.compactMap(\.string) ?? [] }
}
