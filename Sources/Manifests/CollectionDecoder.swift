import Diagnostics
import JSON
import ResourceModel

/// Where a collection is to live, as written.
enum ClusterSelection: Sendable {
  /// Nothing is said.
  case unsaid
  case names([(name: String, span: SourceSpan)])
  case labels([String: String], SourceSpan)
  /// One for each value of a level.
  case several([ClusterSelection])
  /// It is wrong, and that has been told.
  case wrong

  /// Where it stands.
  var span: SourceSpan? {
    switch self {
    case .unsaid, .wrong: nil
    case .names(let names): names.first?.span
    case .labels(_, let span): span
    case .several(let parts): parts.first?.span
    }
  }
}

/// Documents, and the kind `Collection`.
extension ManifestDecoder {
  private static let kinds = [
    "Workspace", "Cluster", "Collection", "Class", "Hierarchy", "Environment", "Policy", "Key",
    "BackupSchedule",
  ]

  /// Reads one document.
  mutating func document(_ root: Int32, number: Int) {
    let node = reader.tree.nodes[Int(root)]
    if node.kind == .scalar, isNull(root), node.length == 0 {
      report(Messages.emptyDocument(number, at: reader.documentStarts[number - 1]))
      return
    }
    guard node.kind == .mapping else {
      report(Messages.notAMapping(found(root), at: span(root).start))
      return
    }
    let entries = reader.tree.entries(of: root)
    guard let kind = entries.first(where: { symbol($0) == words.kind }) else {
      report(Messages.missingKind(ManifestDecoder.kinds, at: span(root).start))
      return
    }
    if isNull(kind.value) {
      report(Messages.missingValue(at: nullPlace(kind.value), hint: "write kind: Collection"))
      return
    }
    let name = entries.first { symbol($0) == words.name }
    usesVariables = reader.variableDocuments.contains(number)
    switch reader.tree.kind(kind.value) == .scalar ? reader.tree.string(kind.value) : "" {
    case "Collection" where isComposed(entries): captured.collections.append(kept(root))
    case "Collection": collection(root, name: name?.value)
    case "Class": captured.classes.append(kept(root))
    case "Hierarchy": captured.hierarchies.append(kept(root))
    case "Environment": captured.environments.append(kept(root))
    case "Cluster" where isComposed([]), "Workspace" where usesVariables:
      captured.others.append(kept(root))
    case "Cluster": cluster(root, name: name?.value)
    case "Workspace": workspace(root, name: name?.value)
    case "Policy": policy(root, name: name?.value)
    case let other where ManifestDecoder.kinds.contains(other):
      report(Messages.notSupportedYet("kind \(other)", at: span(kind.value)))
    default:
      report(
        Messages.unknownKind(
          reader.tree.string(kind.value), ManifestDecoder.kinds, at: span(kind.value)))
    }
  }

  func symbol(_ entry: YAMLTree.Entry) -> Int32 { reader.tree.nodes[Int(entry.key)].symbol }

  /// The name of a document, checked; nil after telling what is wrong.
  mutating func name(_ value: Int32?, of root: Int32, _ rules: NameRules) -> String? {
    guard let value else {
      report(
        Messages.missingField(
          "name", type: nil, at: span(root).start, hint: "write name: and a name"))
      return nil
    }
    if isNull(value) {
      report(Messages.missingValue(at: nullPlace(value), hint: "write a name"))
      return nil
    }
    guard let name = decode(.text(bytes: 0...Int.max), value)?.string else { return nil }
    let isPlain = reader.tree.nodes[Int(reader.tree.resolved(value))].isPlain
    for diagnostic in rules.check(
      name, at: span(value), isPlain: isPlain, source: reader.source)
    {
      report(diagnostic)
    }
    return name
  }

  /// Where a name stands, or the document when there is none.
  func placeOfName(_ name: Int32?, _ root: Int32) -> SourceSpan {
    if let name { return span(name) }
    return span(root).start
  }

  /// Reads a whole collection.
  mutating func collection(_ root: Int32, name nameNode: Int32?) {
    let name = name(nameNode, of: root, .collection)
    var draft = decodeCollection(root, name: ExactString(name ?? ""))
    draft.resource.span = placeOfName(nameNode, root)
    if let nameNode { draft.resource.chain = reader.tree.chain(nameNode) }
    if draft.resource.isPresent { checkElements(root, draft.resource) }
    if name != nil { collections.append(draft) }
  }

  /// Reads what a mapping says of a collection, its name aside.
  mutating func decodeCollection(_ root: Int32, name: ExactString = "") -> CollectionDraft {
    var output = Output()
    output.fields.reserveCapacity(16)
    walk(root, collectionKind, Position(node: 0), into: &output)
    var resource = DesiredResource(
      address: .collection(name, cluster: ""), span: span(root).start)
    var cluster = ClusterSelection.unsaid
    for entry in output.specials {
      switch symbol(entry) {
      case words.kind, words.name, words.classKey: break
      case words.cluster: cluster = clusterSelection(entry.value)
      case words.labels: checkLabels(entry.value)
      case words.lifecycle: lifecycle(entry, into: &resource)
      case words.generations:
        if let value = json(entry.value) {
          resource.lifecycle.later.append(
            Lifecycle.Later(
              key: "generations", value: value,
              provenance: Provenance(
                span(entry.key), chain: reader.tree.chain(entry.value))))
        }
      default:
        if let index = childKeys.firstIndex(of: symbol(entry)) {
          children(entry, childSpecs[index], into: &resource)
        }
      }
    }
    resource.fields = sorted(output)
    resource.elements = output.elements
    if resource.elements.count > 1 { resource.elements.sort { $0.path < $1.path } }
    if resource.children.count > 1 { resource.children.sort { $0.address < $1.address } }
    return CollectionDraft(resource: resource, cluster: cluster)
  }

  /// Labels are for overlays to match and reach no server; each is a text.
  private mutating func checkLabels(_ value: Int32) {
    guard reader.tree.kind(value) == .mapping else {
      report(Messages.expectedMapping(found(value), word: nil, at: span(value)))
      return
    }
    for label in reader.tree.entries(of: value) { _ = decode(.text(bytes: 0...256), label.value) }
  }

  /// A collection that is to be there must say its vectors, `vectors: {}` if there are none.
  private mutating func checkElements(_ root: Int32, _ resource: DesiredResource) {
    guard !collectionKind.elements.isEmpty, resource.elements.isEmpty else { return }
    let containers = collectionKind.elements.map(\.container.description)
    let isSaid = reader.tree.entries(of: root).contains { containers.contains(key($0.key)) }
    if !isSaid {
      report(
        Messages.missingField(
          containers[0], type: nil, at: resource.span,
          hint: "for example \(containers[0]): {size: 768, distance: Cosine}"))
    }
  }

  mutating func clusterSelection(_ value: Int32) -> ClusterSelection {
    if isNull(value) {
      report(Messages.missingValue(at: nullPlace(value), hint: "write a cluster's name"))
      return .wrong
    }
    switch reader.tree.kind(value) {
    case .scalar, .alias:
      guard let name = decode(.text(bytes: 0...Int.max), value)?.string else { return .wrong }
      return .names([(name, span(value))])
    case .sequence:
      var names: [(name: String, span: SourceSpan)] = []
      for item in reader.tree.elements(of: value) {
        guard let name = decode(.text(bytes: 0...Int.max), item)?.string else { return .wrong }
        if let first = names.first(where: { $0.name.hasSameBytes(as: name) }) {
          report(Messages.listedTwice(name, at: span(item), first: first.span))
        } else {
          names.append((name, span(item)))
        }
      }
      if names.isEmpty {
        report(Messages.emptySelection(at: span(value)))
        return .wrong
      }
      return .names(names)
    case .mapping: return labels(value)
    }
  }

  private mutating func labels(_ value: Int32) -> ClusterSelection {
    var labels: [String: String] = [:]
    for entry in reader.tree.entries(of: value) {
      guard symbol(entry) == words.labels, reader.tree.kind(entry.value) == .mapping else {
        report(
          Messages.unknownField(
            key(entry.key), in: "'cluster'", at: span(entry.key),
            hint: "write cluster: {labels: {env: prod}}"))
        return .wrong
      }
      for label in reader.tree.entries(of: entry.value) {
        guard let text = decode(.text(bytes: 0...Int.max), label.value)?.string else {
          return .wrong
        }
        labels[key(label.key)] = text
      }
    }
    if labels.isEmpty {
      report(Messages.emptySelection(at: span(value)))
      return .wrong
    }
    return .labels(labels, span(value))
  }
}
