import Diagnostics
import JSON
import ResourceModel

/// The collections of a tree.
struct TreeWalk {
  let draft: HierarchyDraft
  let document: CapturedDocument
  /// The levels of the names, by their places.
  let nameLevels: [Int]
  /// The old names of what has moved, by the new ones.
  let moved: [ExactString: ExactString]
  var leaves: [Hierarchy.Leaf] = []

  init(_ draft: HierarchyDraft, _ document: CapturedDocument) {
    self.draft = draft
    self.document = document
    moved = Dictionary(
      draft.hierarchy.moved.map { (ExactString($0.to), ExactString($0.from)) },
      uniquingKeysWith: { first, _ in first })
    nameLevels = draft.hierarchy.levels.indices.filter {
      draft.hierarchy.levels[$0].place == .name
    }
  }
}

/// One node of a tree, on the way down.
struct TreeNode {
  var values: [Int: String] = [:]
  /// Where its key stands.
  var span: SourceSpan
  /// How many levels of the name are above it.
  var depth = 0
  /// What everything above it asks.
  var lower: ManifestValue?

  /// The values of its levels, outermost first.
  var path: String {
    values.sorted { $0.key < $1.key }.map(\.value).joined(separator: "/")
  }
}

extension ManifestDecoder {
  /// Makes the collections of a hierarchy.
  mutating func expand(
    _ draft: HierarchyDraft, _ document: CapturedDocument, _ composition: inout Composition
  ) {
    var walk = TreeWalk(draft, document)
    var lower = draft.implied
    if !draft.classes.isEmpty {
      guard let value = composition.classes.value(of: draft.classes) else { return }
      lower = lower.map { composition.collections.merge(value, over: $0) } ?? value
    }
    var hierarchy = draft.hierarchy
    if let tree = draft.tree {
      node(
        tree, TreeNode(span: hierarchy.span, lower: lower), &walk, &composition)
    }
    hierarchy.leaves = walk.leaves
    let names = Set(walk.leaves.map { ExactString($0.collection) })
    for move in hierarchy.moved where !names.contains(ExactString(move.to)) {
      report(Messages.moveToNothing(move.to, walk.leaves.map(\.collection), at: move.span))
    }
    hierarchies.append(hierarchy)
  }

  private mutating func node(
    _ value: ManifestValue, _ place: TreeNode, _ walk: inout TreeWalk,
    _ composition: inout Composition
  ) {
    guard value.isMapping else {
      report(
        value.isNull
          ? Messages.missingValue(at: value.span, hint: "write {} for a node without own fields")
          : Messages.expectedMapping("something else", word: nil, at: value.span))
      return
    }
    let isLeaf = place.depth == walk.nameLevels.count
    let own = isLeaf ? value.entries : value.entries.filter { isField($0.key) }
    guard let whole = merged(own, of: value, place, &composition) else { return }
    if isLeaf {
      leaf(whole, place, &walk, &composition)
      return
    }
    let index = walk.nameLevels[place.depth]
    let level = walk.draft.hierarchy.levels[index]
    for entry in value.entries where !isField(entry.key) {
      let text = reader.keys[entry.key].string
      guard level.accepts(text) else {
        report(Messages.levelValue(text, level, at: entry.keySpan))
        continue
      }
      var child = place
      child.values[index] = text
      child.span = entry.keySpan
      child.depth += 1
      child.lower = whole
      node(entry.value, child, &walk, &composition)
    }
  }

  /// What a node's classes and own fields make of what is above it; nil when a class is missing.
  private mutating func merged(
    _ own: [ManifestValue.Entry], of value: ManifestValue, _ place: TreeNode,
    _ composition: inout Composition
  ) -> ManifestValue? {
    for entry in own where entry.key == words.kind || entry.key == words.name {
      report(
        Messages.misplacedField(
          "a node has no \(Messages.quoted(reader.keys[entry.key].string))", at: entry.keySpan,
          hint: "its name comes from the template"))
    }
    let mentions = classMentions(own.first { $0.key == words.classKey }?.value)
    var result = place.lower ?? ManifestValue(content: .mapping([]), span: place.span)
    if !mentions.isEmpty {
      guard let classes = composition.classes.value(of: mentions) else { return nil }
      result = composition.collections.merge(classes, over: result)
    }
    let head: Set<Int32> = [words.kind, words.name, words.classKey]
    var fields = value
    fields.content = .mapping(own.filter { !head.contains($0.key) })
    if fields.entries.isEmpty { return result }
    let layer = place.path.isEmpty ? "tree" : "tree node " + place.path
    return composition.collections.merge(fields.ascribed(to: layer), over: result)
  }

  private mutating func leaf(
    _ value: ManifestValue, _ place: TreeNode, _ walk: inout TreeWalk,
    _ composition: inout Composition
  ) {
    let hierarchy = walk.draft.hierarchy
    guard let template = hierarchy.collection else { return }
    let name = template.name(place.values)
    guard isGood(name, .collection, place, template) else { return }
    var value = value
    let chain = [
      Provenance.Link(description: "tree node " + place.path, span: place.span),
      Provenance.Link(description: "template of hierarchy " + hierarchy.name, span: template.span),
    ]
    var entries = value.entries.filter { $0.key != words.name }
    entries.append(
      ManifestValue.Entry(
        key: words.name, keySpan: place.span,
        value: ManifestValue(
          content: .scalar(name, isPlain: false), span: place.span, chain: chain)))
    value.content = .mapping(entries)
    var alias: String?
    if let template = hierarchy.alias {
      let name = template.name(place.values)
      guard isGood(name, .alias, place, template) else { return }
      alias = name
      add(alias: name, place, template, hierarchy.name, to: &value)
    }
    walk.leaves.append(Hierarchy.Leaf(values: place.values, collection: name, alias: alias))
    let level = hierarchy.levels.first { $0.place == .cluster }
    let selection = level.map { level in
      ClusterSelection.several((level.values ?? []).map { level.selection($0.text) })
    }
    for part in overlaid(value, on: selection, &composition) {
      if let level, let said = part.value.entry(words.cluster) {
        report(
          Messages.misplacedField(
            "the level \(Messages.quoted(level.name)) says on which cluster it lives",
            at: said.keySpan, hint: "leave 'cluster' out"))
      }
      let count = collections.count
      decode(part, of: walk.document)
      guard collections.count > count else { continue }
      collections[count].resource.renamedFrom = walk.moved[ExactString(name)]
      collections[count].resource.leaf = TreeLeaf(
        hierarchy: hierarchy.name, values: place.values.sorted { $0.key < $1.key }.map(\.value))
      if let selection { collections[count].cluster = selection }
    }
  }

  /// Whether a name that a template made can stand; what is wrong shows template and node.
  private mutating func isGood(
    _ name: String, _ rules: NameRules, _ place: TreeNode, _ template: NameTemplate
  ) -> Bool {
    var isGood = true
    for var problem in rules.check(name, at: place.span, isPlain: false, source: SourceText())
    where problem.severity == .error {
      isGood = false
      problem.message = "it expands to \(Messages.quoted(name)): \(problem.message)"
      problem.related = Messages.first(template.span, "by this template")
      report(problem)
    }
    return isGood
  }

  private mutating func add(
    alias name: String, _ place: TreeNode, _ template: NameTemplate, _ hierarchy: String,
    to value: inout ManifestValue
  ) {
    let item = ManifestValue(
      content: .scalar(name, isPlain: false), span: place.span,
      chain: [
        Provenance.Link(description: "tree node " + place.path, span: place.span),
        Provenance.Link(description: "template of hierarchy " + hierarchy, span: template.span),
      ])
    let key = reader.keys.intern("aliases")
    var entries = value.entries
    if let index = entries.firstIndex(where: { $0.key == key }), entries[index].value.isList {
      entries[index].value.content = .list(entries[index].value.items + [item])
    } else if !entries.contains(where: { $0.key == key }) {
      var list = item
      list.content = .list([item])
      entries.append(ManifestValue.Entry(key: key, keySpan: template.span, value: list))
    }
    value.content = .mapping(entries)
  }
}
