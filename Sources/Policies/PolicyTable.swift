package import ResourceModel

/// All rules, in the order of their codes.
package enum PolicyTable {
  package static let rules: [any PolicyRule] =
    CopyRules.all + IndexRules.all + VectorRules.all + MemoryRules.all + TuningRules.all
    + StrictModeRules.all + NameRules.all + LifeRules.all + ClusterRules.all + LiveRules.all

  /// What is to be known of them, for whoever does not run them.
  package static let specs: [PolicyRuleSpec] = rules.map(\.spec)

  /// The rule of that name or code.
  package static func spec(_ word: String) -> PolicyRuleSpec? {
    specs.first { $0.name == word || $0.code == word.uppercased() }
  }
}
