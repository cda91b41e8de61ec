import Diagnostics
import JSON
import ResourceModel

/// What one `kind: Environment` says.
struct EnvironmentDocument {
  var name: String
  var span: SourceSpan
  var variables: [String: Variable] = [:]
  /// The clusters that take part.
  var clusters = ClusterSelection.unsaid
  var overlays: [Overlay] = []
}

/// Values that an environment lays over the documents that it matches.
struct Overlay {
  /// The kinds that can be matched.
  enum Kind: String, CaseIterable { case collection = "Collection", cluster = "Cluster" }

  var kind: Kind
  /// A name in which `*` stands for any text; nil: any name.
  var name: String?
  /// Labels that a cluster must have, or a collection: its own, or those of its cluster.
  var labels: [String: String] = [:]
  /// Where the match stands.
  var span: SourceSpan
  /// What is laid over, with its variables.
  var value: ManifestValue

  /// Whether it is meant for that name.
  func matches(_ text: String) -> Bool {
    name.map { Wildcard($0).matches(text) } ?? true
  }
}

extension ManifestDecoder {
  /// Reads one environment.
  mutating func environment(_ document: CapturedDocument) -> EnvironmentDocument? {
    let root = load(document.value)
    var rules = NameRules.cluster
    rules.what = "environment name"
    let nodes = reader.tree.entries(of: root)
    let name = name(nodes.first { symbol($0) == words.name }?.value, of: root, rules)
    var output = Output()
    walk(root, environmentKind, Position(node: 0), into: &output)
    let clusters = nodes.first { symbol($0) == words.clusters }
    let selection = clusters.map { clusterSelection($0.value) }
    let value = document.value
    var environment = EnvironmentDocument(
      name: name ?? "", span: value[words.name]?.span ?? value.span)
    if let selection { environment.clusters = selection }
    if let variables = value[words.variables] {
      for entry in variables.entries { declare(entry, in: &environment) }
    }
    for item in value[words.overlays]?.items ?? [] {
      guard var overlay = overlay(item) else { continue }
      overlay.value = overlay.value.ascribed(to: "overlay of environment " + environment.name)
      environment.overlays.append(overlay)
    }
    return name == nil ? nil : environment
  }

  private mutating func declare(
    _ entry: ManifestValue.Entry, in environment: inout EnvironmentDocument
  ) {
    let name = reader.keys[entry.key].string
    guard VariableText.isName(name) else {
      report(Messages.badVariable(name, at: entry.keySpan))
      return
    }
    guard let text = entry.value.text, !entry.value.isNull else {
      if !entry.value.isNull {
        report(
          Messages.wrongType(
            "a text, a number or a Boolean", entry.value.isList ? "a list" : "a mapping",
            at: entry.value.span))
      }
      return
    }
    if VariableText.isMarked(text.utf8) {
      report(Messages.variableInVariable(at: entry.value.span))
      return
    }
    environment.variables[name] = Variable(value: entry.value, span: entry.keySpan)
  }

  private mutating func overlay(_ item: ManifestValue) -> Overlay? {
    guard item.isMapping else {
      report(Messages.wrongType("a mapping with 'match' and 'set'", "a value", at: item.span))
      return nil
    }
    for entry in item.entries where entry.key != words.match && entry.key != words.set {
      unknown(entry, in: "an overlay", known: ["match", "set"])
    }
    guard let match = item.entry(words.match), let set = item.entry(words.set) else {
      let key = item.entry(words.match) == nil ? "match" : "set"
      report(Messages.missingField(key, type: nil, at: item.span.start))
      return nil
    }
    guard match.value.isMapping, set.value.isMapping else {
      let wrong = match.value.isMapping ? set : match
      report(Messages.wrongType("a mapping", "something else", at: wrong.value.span))
      return nil
    }
    guard var overlay = matching(match, set.value) else { return nil }
    let forbidden: Set<Int32> = [words.kind, words.name, words.classKey]
    for entry in set.value.entries where forbidden.contains(entry.key) {
      report(
        Messages.misplacedField(
          "an overlay cannot set \(Messages.quoted(reader.keys[entry.key].string))",
          at: entry.keySpan, hint: "set fields of the resource"))
    }
    overlay.value = set.value.without(forbidden)
    return overlay
  }

  private mutating func matching(
    _ match: ManifestValue.Entry, _ value: ManifestValue
  ) -> Overlay? {
    var overlay = Overlay(kind: .collection, span: match.keySpan, value: value)
    for entry in match.value.entries {
      switch entry.key {
      case words.kind:
        let kinds = Overlay.Kind.allCases.map(\.rawValue)
        guard let kind = entry.value.text.flatMap(Overlay.Kind.init) else {
          report(Messages.unknownKind(entry.value.text ?? "", kinds, at: entry.value.span))
          return nil
        }
        overlay.kind = kind
      case words.name: overlay.name = entry.value.text
      case words.labels:
        for label in entry.value.entries {
          overlay.labels[reader.keys[label.key].string] = label.value.text ?? ""
        }
      default: unknown(entry, in: "'match'", known: ["kind", "name", "labels"])
      }
    }
    if overlay.name == nil, overlay.labels.isEmpty {
      report(
        Messages.missingField(
          "name", type: nil, at: match.keySpan, hint: "write name: \"*\" to match all"))
      return nil
    }
    return overlay
  }

  /// Tells about a key of a part that has no rows.
  mutating func unknown(_ entry: ManifestValue.Entry, in what: String, known: [String]) {
    let key = reader.keys[entry.key].string
    let near = didYouMean(key, among: known).map { "did you mean '\($0)'?" }
    report(
      Messages.unknownField(
        key, in: what, at: entry.keySpan,
        hint: near ?? "known here: " + known.joined(separator: ", ")))
  }
}
