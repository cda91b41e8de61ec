import Diagnostics
import JSON
import ResourceModel

/// The kind `Policy`: rules by the table that the caller gives, and exceptions from them.
extension ManifestDecoder {
  mutating func policy(_ root: Int32, name nameNode: Int32?) {
    let name = name(nameNode, of: root, NameRules(what: "policy name", bytes: 1...255))
    var policy = PolicyDeclaration(name: name ?? "", span: placeOfName(nameNode, root))
    for entry in reader.tree.entries(of: root) {
      switch key(entry.key) {
      case "kind", "name": break
      case "applies_to": scope(entry.value, &policy)
      case "rules": rules(entry.value, &policy)
      case "waivers": waivers(entry.value, &policy)
      default: unknown(entry.key, "a policy", ["applies_to", "rules", "waivers"])
      }
    }
    if let name {
      if let first = policies.first(where: { $0.name.hasSameBytes(as: name) }) {
        report(
          Messages.duplicateResource(
            "policy " + Messages.quoted(name), at: policy.span, first: first.span))
      }
      policies.append(policy)
    }
  }

  private mutating func unknown(_ node: Int32, _ what: String, _ known: [String]) {
    let near = didYouMean(key(node), among: known).map { "did you mean '\($0)'?" }
    report(
      Messages.unknownField(
        key(node), in: what, at: span(node),
        hint: near ?? (known.isEmpty ? nil : "it has " + known.joined(separator: ", "))))
  }

  /// The entries of a mapping, or none after telling that it is no mapping.
  private mutating func mapping(_ value: Int32) -> [YAMLTree.Entry] {
    guard reader.tree.kind(value) == .mapping else {
      report(
        isNull(value)
          ? Messages.missingValue(at: nullPlace(value), hint: nil)
          : Messages.expectedMapping(found(value), word: nil, at: span(value)))
      return []
    }
    return reader.tree.entries(of: value)
  }

  private mutating func scope(_ value: Int32, _ policy: inout PolicyDeclaration) {
    for entry in mapping(value) {
      switch key(entry.key) {
      case "labels":
        for label in mapping(entry.value) {
          if let text = decode(.text(bytes: 0...4096), label.value)?.string {
            policy.labels[key(label.key)] = text
          }
        }
      case "addresses":
        let texts = decode(.list(.text(bytes: 1...4096)), entry.value)?.array ?? []
        policy.addresses = texts.compactMap(\.string).map { AddressPattern($0) }
      default: unknown(entry.key, "'applies_to'", ["labels", "addresses"])
      }
    }
  }

  private mutating func rules(_ value: Int32, _ policy: inout PolicyDeclaration) {
    for entry in mapping(value) {
      guard let spec = schema.policyRules.first(where: { $0.name.hasSameBytes(as: key(entry.key)) })
      else {
        report(
          Messages.unknownRule(
            key(entry.key), among: schema.policyRules.map(\.name), at: span(entry.key)))
        continue
      }
      if let setting = setting(spec, entry) { policy.settings.append(setting) }
    }
  }

  private static let severities = ValueType.oneOf(PolicySeverity.allCases.map(\.rawValue))

  /// A severity, or a mapping of parameters with one in it.
  private mutating func setting(
    _ spec: PolicyRuleSpec, _ entry: YAMLTree.Entry
  ) -> PolicyDeclaration.Setting? {
    var setting = PolicyDeclaration.Setting(
      rule: spec.name, severity: spec.severity, span: span(entry.key))
    if reader.tree.kind(entry.value) != .mapping {
      if isNull(entry.value) {
        report(Messages.missingValue(at: nullPlace(entry.value), hint: "write error or warning"))
        return nil
      }
      guard let severity = severity(entry.value) else { return nil }
      setting.severity = severity
    } else {
      for parameter in reader.tree.entries(of: entry.value) {
        let name = key(parameter.key)
        if name == "severity" {
          guard let severity = severity(parameter.value) else { return nil }
          setting.severity = severity
        } else if let known = spec.parameters.first(where: { $0.name.hasSameBytes(as: name) }) {
          guard let value = decode(known.type, parameter.value) else { return nil }
          if known.isPattern, !isPattern(value.string ?? "") {
            report(Messages.noPattern(value.string ?? "", at: span(parameter.value)))
          }
          setting.parameters[name] = value
        } else {
          unknown(
            parameter.key, "rule \(spec.name)", spec.parameters.map(\.name) + ["severity"])
        }
      }
    }
    checkBounds(spec, setting)
    for parameter in spec.parameters
    where parameter.standard == nil && setting.parameters[parameter.name] == nil
      && setting.severity != .off
    {
      report(
        Messages.missingField(parameter.name, type: parameter.type, at: span(entry.key)))
    }
    return setting
  }

  /// Bounds between which nothing lies would be violated by everything.
  private mutating func checkBounds(
    _ spec: PolicyRuleSpec, _ setting: PolicyDeclaration.Setting
  ) {
    func bound(_ name: String) -> JSONValue? {
      setting.parameters[name] ?? spec.parameters.first { $0.name == name }?.standard
    }
    guard let least = bound("min"), let most = bound("max"), let low = least.double,
      let high = most.double, low > high
    else { return }
    report(Messages.emptyBounds(least.text(), most.text(), at: setting.span))
  }

  private mutating func severity(_ value: Int32) -> PolicySeverity? {
    decode(ManifestDecoder.severities, value)?.string.flatMap { PolicySeverity(rawValue: $0) }
  }

  private func isPattern(_ text: String) -> Bool {
    do { _ = try Regex(text) } catch { return false }
    return true
  }

  private mutating func waivers(_ value: Int32, _ policy: inout PolicyDeclaration) {
    guard reader.tree.kind(value) == .sequence else {
      report(Messages.expectedList(found(value), at: span(value)))
      return
    }
    for item in reader.tree.elements(of: value) {
      if let waiver = waiver(item) { policy.waivers.append(waiver) }
    }
  }

  private mutating func waiver(_ item: Int32) -> PolicyDeclaration.Waiver? {
    let keys = ["rule", "address", "until", "owner"]
    var texts: [String: (text: String, node: Int32)] = [:]
    var isComplete = true
    for entry in mapping(item) {
      guard keys.contains(key(entry.key)) else {
        unknown(entry.key, "a waiver", keys)
        continue
      }
      if let text = decode(.text(bytes: 1...4096), entry.value)?.string {
        texts[key(entry.key)] = (text, entry.value)
      } else {
        isComplete = false
      }
    }
    for key in keys where texts[key] == nil && isComplete {
      let hint = key == "owner" ? "who answers for the exception" : nil
      report(Messages.missingField(key, type: nil, at: span(item).start, hint: hint))
    }
    guard let rule = texts["rule"], let address = texts["address"], let until = texts["until"],
      let owner = texts["owner"]
    else { return nil }
    guard schema.policyRules.contains(where: { $0.name.hasSameBytes(as: rule.text) }) else {
      report(
        Messages.unknownRule(rule.text, among: schema.policyRules.map(\.name), at: span(rule.node)))
      return nil
    }
    guard let day = CivilDate(until.text) else {
      report(Messages.noDate(until.text, at: span(until.node)))
      return nil
    }
    return PolicyDeclaration.Waiver(
      rule: rule.text, address: AddressPattern(address.text), until: day, owner: owner.text,
      span: span(rule.node))
  }
}
