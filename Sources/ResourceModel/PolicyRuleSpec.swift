package import JSON

/// How bad a violated rule of a policy is.
package enum PolicySeverity: String, Sendable, Hashable, CaseIterable {
  /// A plan is refused.
  case error
  /// It is told, and stops nothing.
  case warning
  /// The rule is not looked at.
  case off
}

/// One value that a rule of a policy takes: `min` of `replication-factor-at-least`.
package struct PolicyParameter: Sendable, Hashable {
  package var name: String
  package var type: ValueType
  /// What holds when a policy does not say it; nil when it must be said.
  package var standard: JSONValue?
  /// Whether the text is a regular expression that has to be one.
  package var isPattern: Bool
  /// One sentence.
  package var summary: String

  package init(
    _ name: String, _ type: ValueType, standard: JSONValue? = nil, isPattern: Bool = false,
    _ summary: String
  ) {
    self.name = name
    self.type = type
    self.standard = standard
    self.isPattern = isPattern
    self.summary = summary
  }
}

/// What is to be known of a rule of a policy: the decoder, the reference and `explain` read it.
package struct PolicyRuleSpec: Sendable, Hashable {
  /// What a rule looks at beside the manifests.
  package enum Needs: String, Sendable, Hashable, CaseIterable {
    /// Nothing: `validate` runs it.
    case manifests
    /// What the clusters are and hold: only a plan runs it.
    case observation
    /// What would be done: only a plan runs it.
    case plan
  }

  /// `P001`; it never changes its meaning.
  package var code: String
  /// `replication-factor-at-least`.
  package var name: String
  /// What a policy means that does not say a severity.
  package var severity: PolicySeverity
  package var parameters: [PolicyParameter]
  package var needs: Needs
  /// Whether there is exactly one edit of the manifest that satisfies it.
  package var hasFix: Bool
  /// One sentence: what is demanded.
  package var summary: String
  /// A paragraph: why it is demanded, and what of Qdrant's behaviour makes it so.
  package var documentation: String

  package init(
    _ code: String, _ name: String, _ severity: PolicySeverity = .error,
    parameters: [PolicyParameter] = [], needs: Needs = .manifests, hasFix: Bool = false,
    _ summary: String, _ documentation: String
  ) {
    self.code = code
    self.name = name
    self.severity = severity
    self.parameters = parameters
    self.needs = needs
    self.hasFix = hasFix
    self.summary = summary
    self.documentation = documentation
  }
}
