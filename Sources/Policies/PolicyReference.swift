import JSON
package import ResourceModel

/// What the rows say about rules, for people.
package enum PolicyReference {
  /// One rule, as `explain` prints it.
  package static func text(_ rule: PolicyRuleSpec) -> String {
    let lines =
      ["\(rule.code) \(rule.name)", "    \(rule.summary)", ""]
      + wrapped(rule.documentation).map { "    " + $0 } + [""]
      + rule.parameters.map { "    \($0.name): \(words($0))" }
      + ["    severity: \(rule.severity.rawValue), unless the policy says another"]
      + ["    checked: \(words(rule.needs))"]
    let fix = rule.hasFix ? "    qdrant-plan validate --fix can mend it\n" : ""
    return lines.joined(separator: "\n") + "\n" + fix
  }

  /// All rules as one document in Markdown.
  package static func document(_ rules: [PolicyRuleSpec]) -> String {
    var text = """
      # The rules of policies

      This file is made from the table of rules. A policy demands a rule by its name:

      ```yaml
      kind: Policy
      name: production
      applies_to: {labels: {env: prod}}          # or addresses: ["collection/legal.*"]
      rules:
        replication-factor-at-least: {min: 2}
        alias-required: error
      waivers:
        - {rule: alias-required, address: collection/scratch, until: 2027-01-31, owner: team}
      ```

      Without `applies_to` it is about everything. A rule takes a severity (`error`, `warning`,
      `off`) or a mapping of its parameters, with `severity` among them if it is to be another than
      the rule's own. `qdrant-plan validate` checks the rules that need no server; a plan checks all
      of them, and a violated `error` stands in it as a refusal (status 5). A waiver holds up to and
      with its day; one that is over (P901) or waives nothing (P902) is told.

      `qdrant-plan validate --fix` edits the manifests for the rules that say so, comments and all
      else left byte for byte. It edits only what it can prove: mappings that are written in braces
      get no new keys, values behind aliases stay, and it says so. A value of a class, a tree or an
      overlay is mended where it stands if, in every environment, whoever takes it from there
      violates the same rule and would get the same value; otherwise the one that stands against it
      is named. What a variable says is left to whoever knows its other uses.

      | Code | Rule | Severity | Checked | `--fix` |
      |---|---|---|---|---|

      """
    for rule in rules {
      text +=
        "| \(rule.code) | [\(rule.name)](#\(rule.code.lowercased())-\(rule.name)) "
        + "| \(rule.severity.rawValue) | \(words(rule.needs)) | \(rule.hasFix ? "yes" : "") |\n"
    }
    for rule in rules {
      text += "\n## \(rule.code) \(rule.name)\n\n\(rule.summary) \(rule.documentation)\n"
      if !rule.parameters.isEmpty { text += "\n" }
      for parameter in rule.parameters { text += "* `\(parameter.name)`: \(words(parameter))\n" }
    }
    return text
  }

  private static func words(_ needs: PolicyRuleSpec.Needs) -> String {
    switch needs {
    case .manifests: "offline"
    case .observation, .plan: "in a plan"
    }
  }

  private static func words(_ parameter: PolicyParameter) -> String {
    "\(parameter.summary) It takes \(parameter.type.expectation); "
      + (parameter.standard.map { "without it \($0.text())." } ?? "it must be said.")
  }

  /// Lines of at most 96 characters.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > 92 {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [line]
  }
}
