import Diagnostics
import JSON
import ResourceModel

/// A name of a class where it is asked for.
struct ClassMention: Hashable {
  var name: ExactString
  var span: SourceSpan
}

/// One `kind: Class`.
struct ClassDocument {
  var name: ExactString
  /// Where its name stands.
  var span: SourceSpan
  /// Its own fields, without the head.
  var body: ManifestValue
  var builds: [ClassMention]
}

/// The classes of all manifests; each is put together once.
struct ClassTable {
  var documents: [ExactString: ClassDocument] = [:]
  /// What is put together so far; nil when there is something wrong with it, which has been told.
  private var resolved: [ExactString: ManifestValue?] = [:]
  /// The classes that are being put together, outermost first, with where each is asked for.
  private var path: [ClassMention] = []
  /// Whether a text could not be read, so that a class may be missing for that reason.
  var isIncomplete = false
  var layering: Layering
  private(set) var problems: [Diagnostic] = []
  private(set) var used: Set<ExactString> = []

  init(layering: Layering) { self.layering = layering }

  /// The classes of a list, the later over the earlier; nil when one cannot be had.
  mutating func value(of mentions: [ClassMention]) -> ManifestValue? {
    var result: ManifestValue?
    for mention in mentions {
      guard let value = value(of: mention) else { return nil }
      result = result.map { layering.merge(value, over: $0) } ?? value
    }
    return result
  }

  private mutating func value(of mention: ClassMention) -> ManifestValue? {
    used.insert(mention.name)
    guard let document = documents[mention.name] else {
      if !isIncomplete {
        let names = documents.keys.map(\.string)
        problems.append(Messages.unknownClass(mention.name.string, among: names, at: mention.span))
      }
      return nil
    }
    if let known = resolved[mention.name] { return known }
    if let start = path.firstIndex(where: { $0.name == mention.name }) {
      problems.append(Messages.classCycle(Array(path[start...]) + [mention]))
      return nil
    }
    guard path.count < ClassTable.depth else {
      problems.append(Messages.classesTooDeep(ClassTable.depth, at: mention.span))
      return nil
    }
    path.append(mention)
    let lower = value(of: document.builds)
    path.removeLast()
    var whole: ManifestValue?
    if document.builds.isEmpty {
      whole = document.body
    } else if let lower {
      whole = layering.merge(document.body, over: lower)
    }
    resolved[mention.name] = .some(whole)
    return whole
  }

  /// How many classes may build on each other.
  private static let depth = 50
}

extension ManifestDecoder {
  /// Reads `class`: a name, or a list of names.
  mutating func classMentions(_ value: ManifestValue?) -> [ClassMention] {
    guard let value else { return [] }
    var mentions: [ClassMention] = []
    if value.isNull {
      report(Messages.missingValue(at: value.span, hint: "write the name of a Class"))
      return []
    }
    if value.isMapping {
      report(Messages.wrongType("a name, or a list of names", "a mapping", at: value.span))
      return []
    }
    for item in value.isList ? value.items : [value] {
      guard let name = item.text, !item.isNull else {
        report(Messages.missingItem(at: item.span))
        continue
      }
      let mention = ClassMention(name: ExactString(name), span: item.span)
      if let first = mentions.first(where: { $0.name == mention.name }) {
        report(Messages.listedTwice(name, at: item.span, first: first.span))
      } else {
        mentions.append(mention)
      }
    }
    return mentions
  }

  /// Takes note of a class, and looks at its fields as far as a part of a collection can be judged.
  mutating func declareClass(_ document: CapturedDocument, in table: inout ClassTable) {
    let root = load(document.value)
    let nameNode = document.value[words.name]
    var rules = NameRules.cluster
    rules.what = "class name"
    let nodes = reader.tree.entries(of: root)
    let name = name(nodes.first { symbol($0) == words.name }?.value, of: root, rules)
    isPartial = true
    _ = decodeCollection(root)
    isPartial = false
    let mentions = classMentions(document.value[words.classKey])
    guard let name else { return }
    let layer = "class " + name
    let new = ClassDocument(
      name: ExactString(name), span: nameNode?.span ?? document.value.span,
      body: document.value.without([words.kind, words.name, words.classKey])
        .ascribed(to: layer), builds: mentions)
    if let first = table.documents[new.name] {
      let (early, late) = first.span < new.span ? (first, new) : (new, first)
      report(
        Messages.duplicateResource(
          "class " + Messages.quoted(name), at: late.span, first: early.span))
    } else {
      table.documents[new.name] = new
    }
  }
}
