import Diagnostics
import JSON
import ResourceModel

/// A document that is kept until all are read, since others take part in it.
struct CapturedDocument {
  var value: ManifestValue
  /// The folder of its text, for relative files.
  var baseFolder: String
  /// Whether `${` stands in it.
  var hasVariables = false
}

/// The documents that are decoded only when everything has been read.
struct Captured {
  var classes: [CapturedDocument] = []
  var collections: [CapturedDocument] = []
  var environments: [CapturedDocument] = []
  var hierarchies: [CapturedDocument] = []
  /// Clusters and workspaces.
  var others: [CapturedDocument] = []
}

/// What putting documents together shares.
struct Composition {
  var classes: ClassTable
  var substitution: Substitution
  /// Lays collections, and clusters, over each other.
  var collections: Layering
  var clusters: Layering
  /// How many documents each overlay of the environment has matched.
  var matched: [Int]
  /// The clusters that take part, with their labels; what collections are laid out on.
  var places: [ClusterDeclaration] = []

  var overlays: [Overlay] { substitution.environment?.overlays ?? [] }
}

/// Composition: between reading and assembling, on values that are not decoded yet.
extension ManifestDecoder {
  /// Keeps a document for composition.
  func kept(_ root: Int32) -> CapturedDocument {
    CapturedDocument(
      value: captured(root), baseFolder: baseFolder, hasVariables: usesVariables)
  }

  /// Whether a document has to wait until all others are read.
  func isComposed(_ entries: [YAMLTree.Entry]) -> Bool {
    usesVariables || selectedEnvironment != nil
      || entries.contains { symbol($0) == words.classKey }
  }

  /// Puts together and decodes what was kept.
  mutating func compose() {
    var environments: [EnvironmentDocument] = []
    for document in captured.environments {
      if let new = environment(document) { environments.append(new) }
    }
    environments.sort { $0.span < $1.span }
    environmentNames = environments.map(\.name)
    for (index, environment) in environments.enumerated() {
      guard let first = environments[..<index].first(where: { $0.name == environment.name }) else {
        continue
      }
      report(
        Messages.duplicateResource(
          "environment " + Messages.quoted(environment.name), at: environment.span,
          first: first.span))
    }
    let selected = environments.first { $0.name == selectedEnvironment }
    if let name = selectedEnvironment, selected == nil, !reader.findings.isIncomplete {
      report(Messages.unknownEnvironment(name, among: environments.map(\.name)))
      return
    }
    environmentClusters = selected?.clusters ?? .unsaid
    if selectedEnvironment == nil { checkAll(environments) }
    let layering = Layering(kind: collectionKind, shortFields: shortFields)
    var composition = Composition(
      classes: ClassTable(layering: layering),
      substitution: Substitution(environment: selected, known: environments),
      collections: layering, clusters: Layering(kind: clusterKind, shortFields: [:]),
      matched: Array(repeating: 0, count: selected?.overlays.count ?? 0))
    compose(&composition)
    let problems =
      composition.classes.problems + composition.classes.layering.problems
      + composition.substitution.problems + composition.collections.problems
      + composition.clusters.problems
    for problem in problems { report(problem) }
    // What an error leaves out may be what uses a variable, or is matched.
    let hasErrors = reader.findings.diagnostics.contains { $0.severity == .error }
    if let selected, !hasErrors { reportIdle(selected, composition) }
    captured = Captured()
  }

  private mutating func compose(_ composition: inout Composition) {
    for overlay in composition.overlays { check(overlay, &composition.substitution) }
    composition.classes.isIncomplete = reader.findings.isIncomplete
    for document in captured.classes {
      if let document = replaced(document, &composition) {
        declareClass(document, in: &composition.classes)
      } else {
        checkUnderAll(document, composition)
        composition.classes.isIncomplete = true
      }
    }
    // Also those that nobody asks for: a cycle among them is a mistake all the same.
    for name in composition.classes.documents.keys.sorted() {
      guard let document = composition.classes.documents[name] else { continue }
      _ = composition.classes.value(of: [ClassMention(name: name, span: document.span)])
    }
    for document in captured.others {
      guard var document = replaced(document, &composition) else {
        checkUnderAll(document, composition)
        continue
      }
      if document.value[words.kind]?.text == Overlay.Kind.cluster.rawValue {
        document.value = overlaid(document.value, &composition)
      }
      baseFolder = document.baseFolder
      let root = load(document.value)
      let name = reader.tree.entries(of: root).first { symbol($0) == words.name }?.value
      if document.value[words.kind]?.text == "Workspace" {
        workspace(root, name: name)
      } else {
        cluster(root, name: name)
      }
    }
    composition.places = places()
    for document in captured.collections {
      guard let document = replaced(document, &composition) else {
        checkUnderAll(document, composition)
        continue
      }
      let mentions = classMentions(document.value[words.classKey])
      var value = document.value.without([words.classKey])
      if !mentions.isEmpty {
        guard let lower = composition.classes.value(of: mentions) else {
          checkAlone(value)
          continue
        }
        value = composition.collections.merge(value, over: lower)
      }
      for part in overlaid(value, on: nil, &composition) { decode(part, of: document) }
    }
    for document in captured.hierarchies {
      guard let document = replaced(document, &composition), let draft = hierarchy(document)
      else { continue }
      expand(draft, document, &composition)
    }
    reportSecondHierarchies()
  }

  private mutating func reportSecondHierarchies() {
    hierarchies.sort { $0.span < $1.span }
    for (index, hierarchy) in hierarchies.enumerated() {
      guard let first = hierarchies[..<index].first(where: { $0.name == hierarchy.name }) else {
        continue
      }
      report(
        Messages.duplicateResource(
          "hierarchy " + Messages.quoted(hierarchy.name), at: hierarchy.span, first: first.span))
    }
  }

  /// A document with its variables replaced; nil when one of them cannot be.
  private func replaced(
    _ document: CapturedDocument, _ composition: inout Composition
  ) -> CapturedDocument? {
    guard document.hasVariables else { return document }
    guard let value = composition.substitution.replace(in: document.value) else { return nil }
    var document = document
    document.value = value
    return document
  }

  /// Tells of overlays that matched nothing, and variables that nobody asked for.
  private mutating func reportIdle(
    _ environment: EnvironmentDocument, _ composition: Composition
  ) {
    for (index, overlay) in environment.overlays.enumerated()
    where composition.matched[index] == 0 {
      report(Messages.idleOverlay(at: overlay.span))
    }
    for (name, variable) in environment.variables
    where !composition.substitution.used.contains(name) {
      report(Messages.unusedVariable(name, at: variable.span))
    }
  }

  /// Decodes a collection that has been put together.
  mutating func decode(_ part: OverlaidCollection, of document: CapturedDocument) {
    guard composedCost < YAMLLimits.expansion else {
      report(Messages.expansionTooLarge(at: nil))
      return
    }
    baseFolder = document.baseFolder
    let root = load(part.value)
    let name = reader.tree.entries(of: root).first { symbol($0) == words.name }
    let count = collections.count
    collection(root, name: name?.value)
    if collections.count > count { collections[count].only = part.clusters }
  }

  /// Of each list of children that is a mapping, the key that its short form stands for.
  private var shortFields: [Int32: Int32] {
    var fields: [Int32: Int32] = [:]
    for (spec, key) in zip(childSpecs, childKeys) {
      if case .map(let short) = spec.form { fields[key] = reader.keys.number(of: short) }
    }
    return fields
  }
}
