import Diagnostics
import JSON
import ResourceModel

/// A hierarchy with what its collections are made of.
struct HierarchyDraft {
  var hierarchy: Hierarchy
  var classes: [ClassMention]
  var tree: ManifestValue?
  /// What the levels themselves ask of every collection.
  var implied: ManifestValue?
}

/// The kind `Hierarchy`.
extension ManifestDecoder {
  /// Reads one hierarchy; nil when its levels or names are of no use, which has been told.
  mutating func hierarchy(_ document: CapturedDocument) -> HierarchyDraft? {
    let value = document.value
    let root = load(value)
    var rules = NameRules.cluster
    rules.what = "hierarchy name"
    let nodes = reader.tree.entries(of: root)
    let name = name(nodes.first { symbol($0) == words.name }?.value, of: root, rules)
    var output = Output()
    walk(root, hierarchyKind, Position(node: 0), into: &output)
    let classes = classMentions(value[words.classKey])
    guard let name, let list = part(value, "levels"), list.value.isList else { return nil }
    let told = reader.findings.diagnostics.count
    var hierarchy = Hierarchy(name: name, span: value[words.name]?.span ?? value.span)
    for item in list.value.items { level(item, of: &hierarchy) }
    guard reader.findings.diagnostics.count == told else { return nil }
    names(value, list.keySpan, &hierarchy)
    hierarchy.enforce =
      output.fields.first { $0.path == FieldPath("enforce") }?.value.string
      .flatMap(Hierarchy.Enforcement.init) ?? .off
    for item in part(value, "moved")?.value.items ?? [] { move(item, &hierarchy) }
    guard hierarchy.collection != nil else { return nil }
    return HierarchyDraft(
      hierarchy: hierarchy, classes: classes, tree: part(value, "tree")?.value,
      implied: implied(hierarchy))
  }

  /// A part of a mapping by its key's text.
  func part(_ value: ManifestValue, _ key: String) -> ManifestValue.Entry? {
    value.entries.first { reader.keys[$0.key].string == key }
  }

  private mutating func level(_ item: ManifestValue, of hierarchy: inout Hierarchy) {
    guard item.isMapping else {
      report(Messages.wrongType("a mapping with 'name' and 'place'", "a value", at: item.span))
      return
    }
    let known = ["name", "place", "values", "pattern", "field", "clusters"]
    for entry in item.entries where !known.contains(reader.keys[entry.key].string) {
      unknown(entry, in: "a level", known: known)
    }
    guard let name = part(item, "name")?.value, let text = name.text, !name.isNull,
      let word = part(item, "place")?.value
    else {
      let key = part(item, "place") == nil ? "place" : "name"
      report(Messages.missingField(key, type: nil, at: item.span.start))
      return
    }
    let places = HierarchyLevel.Place.allCases.map(\.rawValue)
    guard let place = word.text.flatMap(HierarchyLevel.Place.init) else {
      report(Messages.unknownWord(.oneOf(places), word.text ?? "", places, at: word.span))
      return
    }
    if !VariableText.isName(text) {
      report(Messages.nameSyntax("level name", "letters, digits, _ and - only", at: name.span))
    }
    if let first = hierarchy.levels.first(where: { $0.name == text }) {
      report(Messages.listedTwice(text, at: name.span, first: first.span))
    }
    var level = HierarchyLevel(name: text, span: name.span, place: place)
    values(item, &level)
    pattern(item, &level)
    placement(item, &level)
    if place == .cluster,
      let first = hierarchy.levels.first(where: { $0.place == .cluster || $0.place == place })
    {
      report(Messages.secondLevel(place.rawValue, at: word.span, first: first.span))
    }
    if place == .shardKey, let first = hierarchy.levels.first(where: { $0.place == place }) {
      report(Messages.secondLevel(place.rawValue, at: word.span, first: first.span))
    }
    hierarchy.levels.append(level)
  }

  private mutating func values(_ item: ManifestValue, _ level: inout HierarchyLevel) {
    guard let entry = part(item, "values") else { return }
    guard entry.value.isList, !entry.value.items.isEmpty else {
      report(Messages.expectedList("something else", at: entry.value.span))
      return
    }
    var values: [LevelValue] = []
    var seen: [ExactString: SourceSpan] = [:]
    for value in entry.value.items {
      guard let text = value.text, !value.isNull, !text.isEmpty else {
        report(Messages.missingItem(at: value.span))
        continue
      }
      if let first = seen[ExactString(text)] {
        report(Messages.listedTwice(text, at: value.span, first: first))
      } else if level.place == .name, isField(reader.keys.intern(text)) {
        report(Messages.reservedNode(text, at: value.span))
      } else {
        seen[ExactString(text)] = value.span
        values.append(LevelValue(text: text, value: value))
      }
    }
    level.values = values
  }

  private mutating func pattern(_ item: ManifestValue, _ level: inout HierarchyLevel) {
    let entry = part(item, "pattern")
    if let entry, let text = entry.value.text {
      level.patternSpan = entry.value.span
      level.patternText = text
      do throws(NamePattern.Malformed) { level.pattern = try NamePattern(text) } catch {
        report(Messages.badPattern(text, error.reason, at: entry.value.span))
      }
    } else if let entry {
      report(Messages.wrongType("a text", "something else", at: entry.value.span))
    }
    if let entry, let values = part(item, "values") {
      report(
        Messages.exclusive(
          "pattern", ["values", "pattern"], at: entry.keySpan, first: values.keySpan))
    }
    let needsValues = level.place == .cluster
    if needsValues ? part(item, "values") == nil : level.place == .name && entry == nil {
      guard part(item, "values") == nil else { return }
      report(
        Messages.missingField(
          "values", type: nil, at: level.span,
          hint: needsValues ? "write the values that stand for clusters" : "or write a pattern"))
    }
  }

  private mutating func placement(_ item: ManifestValue, _ level: inout HierarchyLevel) {
    if let entry = part(item, "field") {
      level.field = entry.value.text
      level.fieldSpan = entry.value.span
      if level.place != .payload {
        report(
          Messages.misplacedField(
            "'field' belongs to a level in the payload", at: entry.keySpan,
            hint: "a level is placed in exactly one way"))
      }
    } else if level.place == .payload {
      report(
        Messages.missingField(
          "field", type: nil, at: level.span, hint: "write the payload field that holds it"))
    }
    guard let entry = part(item, "clusters") else { return }
    guard level.place == .cluster else {
      report(
        Messages.misplacedField(
          "'clusters' belongs to a level that is placed by cluster", at: entry.keySpan,
          hint: "a level is placed in exactly one way"))
      return
    }
    let known = level.values?.map(\.text) ?? []
    for mapping in entry.value.entries {
      let text = reader.keys[mapping.key].string
      guard known.contains(text) else {
        report(Messages.levelValue(text, level, at: mapping.keySpan))
        continue
      }
      level.clusters[text] = clusterSelection(load(mapping.value))
    }
  }

  private mutating func move(_ item: ManifestValue, _ hierarchy: inout Hierarchy) {
    for entry in item.entries where !["from", "to"].contains(reader.keys[entry.key].string) {
      unknown(entry, in: "'moved'", known: ["from", "to"])
    }
    guard let from = part(item, "from")?.value.text, let to = part(item, "to")?.value.text else {
      report(Messages.missingField("from and to", type: nil, at: item.span.start))
      return
    }
    hierarchy.moved.append(Hierarchy.Move(from: from, to: to, span: item.span))
  }

  private mutating func names(
    _ value: ManifestValue, _ place: SourceSpan, _ hierarchy: inout Hierarchy
  ) {
    let names = part(value, "names")
    guard let names, let collection = part(names.value, "collection") else {
      report(
        Messages.missingField(
          "names.collection", type: nil, at: names?.keySpan ?? hierarchy.span,
          hint: "for example names: {collection: \"{domain}.{corpus}\"}"))
      return
    }
    hierarchy.collection = template(collection.value, hierarchy)
    if let alias = part(names.value, "alias") {
      hierarchy.alias = template(alias.value, hierarchy)
    }
  }

  /// A template in which every level of the name stands once, and from which it can be read back.
  private mutating func template(
    _ value: ManifestValue, _ hierarchy: Hierarchy
  ) -> NameTemplate? {
    guard let text = value.text else {
      report(Messages.wrongType("a text", "something else", at: value.span))
      return nil
    }
    let levels = hierarchy.levels
    let template: NameTemplate
    do throws(NameTemplate.Malformed) {
      template = try NameTemplate(text, levels: levels, span: value.span)
    } catch {
      report(Messages.badTemplate(error, levels.map(\.name), at: value.span))
      return nil
    }
    let used = template.parts.compactMap { part -> Int? in
      if case .level(let index) = part { return index }
      return nil
    }
    for (index, level) in levels.enumerated() {
      let count = used.count { $0 == index }
      if (level.place == .name ? 1 : 0) != count {
        report(Messages.levelInTemplate(level, count, at: value.span))
        return nil
      }
    }
    return checkSeparators(template, levels) ? template : nil
  }

  /// Between two levels must stand a character that neither of them may hold.
  private mutating func checkSeparators(
    _ template: NameTemplate, _ levels: [HierarchyLevel]
  ) -> Bool {
    var last: Int?
    var separator = ""
    for part in template.parts {
      guard case .level(let index) = part else {
        if case .literal(let text) = part { separator = text }
        continue
      }
      if let last {
        let pair = [levels[last], levels[index]]
        let isClear = separator.unicodeScalars.contains { scalar in
          !pair.contains { $0.mayHold(scalar) }
        }
        if !isClear {
          report(Messages.ambiguousTemplate(separator, pair, at: template.span))
          return false
        }
      }
      last = index
      separator = ""
    }
    return true
  }

  /// What the levels ask of every collection: the index of a tenant, shard keys.
  private mutating func implied(_ hierarchy: Hierarchy) -> ManifestValue? {
    var entries: [ManifestValue.Entry] = []
    func scalar(_ text: String, _ span: SourceSpan) -> ManifestValue {
      ManifestValue(content: .scalar(text, isPlain: true), span: span)
    }
    var indexes: [ManifestValue.Entry] = []
    for level in hierarchy.levels {
      let layer = "level \(level.name) of hierarchy \(hierarchy.name)"
      let place = level.fieldSpan ?? level.span
      func entry(_ key: Int32, _ content: ManifestValue.Content) -> ManifestValue.Entry {
        ManifestValue.Entry(
          key: key, keySpan: place,
          value: ManifestValue(content: content, span: place).ascribed(to: layer))
      }
      switch level.place {
      case .cluster, .name: break
      case .payload:
        let body: [ManifestValue.Entry] = [
          entry(reader.keys.intern("type"), .scalar("keyword", isPlain: true)),
          entry(reader.keys.intern("is_tenant"), .scalar("true", isPlain: true)),
        ]
        indexes.append(entry(reader.keys.intern(level.field ?? ""), .mapping(body)))
      case .shardKey:
        entries.append(
          entry(reader.keys.intern("sharding_method"), .scalar("custom", isPlain: true)))
        if let values = level.values {
          entries.append(entry(reader.keys.intern("shard_keys"), .list(values.map(\.value))))
        }
      }
    }
    if let first = indexes.first {
      var whole = first
      whole.key = reader.keys.intern("payload_indexes")
      whole.value.content = .mapping(indexes)
      entries.append(whole)
    }
    guard let first = entries.first else { return nil }
    return ManifestValue(
      content: .mapping(entries), span: first.keySpan, chain: first.value.chain)
  }

  /// Whether a key is a field of a collection, and so no node of a tree.
  func isField(_ key: Int32) -> Bool {
    collectionKind.child(of: 0, key) >= 0 || collectionKind.specials.contains(key)
  }
}
