import CYAML
import Diagnostics

/// What a text may cost; beyond it reading stops with a diagnostic.
enum YAMLLimits {
  /// Nested collections, aliases followed.
  static let depth = 100
  /// Values of one document after all aliases are expanded.
  static let nodes = 100_000
  /// Aliases, and anchors, of one document.
  static let aliases = 1_000
  /// Bytes of one scalar.
  static let scalar = 1 << 20
  /// Bytes that variables may bring in all, and values that composition may make in all.
  static let expansion = 32 << 20
  /// Bytes of one file.
  static let file = 8 << 20
  /// Files of one load; a collection each, with room to spare.
  static let files = 20_000
}

/// Reads YAML 1.2 with libyaml's event parser into a `YAMLTree`.
///
/// libyaml reads YAML 1.1 and builds no values: the meaning of scalars, duplicate keys, aliases,
/// merge keys and all limits are ours. Reading one text stops at its first syntax error; documents
/// that were complete by then are kept.
struct YAMLReader {
  /// A collection that is not closed yet.
  struct Frame {
    var node: Int32
    var isMapping: Bool
    /// The next event of a mapping is a key.
    var expectsKey = true
    /// The key whose value comes next; of a merge key the value is checked.
    var key: Int32 = -1
    var firstMerge: Int32 = -1
    /// Levels below this one, this one counted.
    var height = 1
    /// The anchor on it, by its key number.
    var anchor: Int32 = -1
    /// Values of the document before this one.
    var nodesBefore = 0
    /// Whether it was a key, which is an error that has been told.
    var isKey = false
  }

  /// What an alias can stand for.
  struct Anchor {
    var node: Int32
    var span: SourceSpan
    var isOpen: Bool
    var isUsed = false
    var nodes = 1
    var height = 0
  }

  var keys = KeyTable()
  var tree: YAMLTree
  var frames: [Frame] = []
  /// By the number of the anchor's name.
  var anchors: [Int32: Anchor] = [:]
  var aliasCount = 0
  var nodeCount = 0
  /// For finding duplicates: the mapping (counted) in which a key was last seen, and its node.
  var mappingCount: Int32 = 0
  var lastMapping: [Int32] = []
  var lastKey: [Int32] = []
  var findings = Findings()
  var source = SourceText()
  /// A limit was hit, or the root is there twice: nothing more is read.
  var isStopped = false
  /// The end of the text; libyaml invents a line break after it.
  var last = SourceSpan(file: 0, line: 1, column: 1, endLine: 1, endColumn: 1)
  /// How many documents were read to their end.
  var completeDocuments = 0
  /// The documents, counted from 1, in which `${` stands.
  var variableDocuments: Set<Int> = []
  /// Where they begin.
  var documentStarts: [SourceSpan] = []
  /// The start of the last plain scalar, for the commonest syntax errors.
  var lastScalar: Int32 = -1

  init() { tree = YAMLTree(mergeSymbol: keys.intern("<<")) }

  /// Reads one text; afterwards `tree` has its complete documents and `findings` what is wrong.
  mutating func read(_ bytes: [UInt8], file: Int32, skippedBytes: Int) {
    tree.reset(file: file)
    isStopped = false
    completeDocuments = 0
    documentStarts.removeAll(keepingCapacity: true)
    variableDocuments.removeAll(keepingCapacity: true)
    if ByteScan.isUTF16(bytes) {
      stop(Messages.utf16(at: place(1, 1)))
      return
    }
    if skippedBytes > 0 { findings.add(Messages.byteOrderMark(at: place(1, 1))) }
    let scan = ByteScan(bytes, file: file, skippedBytes: skippedBytes)
    if !scan.diagnostics.isEmpty {
      scan.diagnostics.forEach { findings.add($0) }
      findings.isIncomplete = true
      isStopped = true
      return
    }
    source = SourceText(bytes: bytes, lines: scan.lines)
    last = place(Int(scan.line), Int(scan.endColumn), length: 0)
    parse(bytes)
  }

  private mutating func parse(_ bytes: [UInt8]) {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      stop(Messages.syntax("there is not enough memory to read it", at: place(1, 1)))
      return
    }
    defer { yaml_parser_delete(&parser) }
    bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var event = yaml_event_t()
      while !isStopped, !findings.isFull {
        guard yaml_parser_parse(&parser, &event) == 1 else {
          stop(syntaxError(parser))
          break
        }
        let isEnd = event.type == YAML_STREAM_END_EVENT
        handle(&event)
        yaml_event_delete(&event)
        if isEnd { break }
      }
    }
    frames.removeAll(keepingCapacity: true)
  }

  private mutating func handle(_ event: inout yaml_event_t) {
    switch event.type {
    case YAML_SCALAR_EVENT: scalar(event)
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      open(event, isMapping: true, anchor: data.anchor, tag: data.tag)
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      open(event, isMapping: false, anchor: data.anchor, tag: data.tag)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: close(event)
    case YAML_ALIAS_EVENT: alias(event)
    case YAML_DOCUMENT_START_EVENT: startDocument(event)
    case YAML_DOCUMENT_END_EVENT: endDocument()
    default: break
    }
  }

  /// Tells what is wrong and ends reading this text.
  mutating func stop(_ diagnostic: Diagnostic) {
    findings.add(diagnostic)
    findings.isIncomplete = true
    isStopped = true
  }

  private mutating func startDocument(_ event: yaml_event_t) {
    documentStarts.append(
      place(Int(clamping: event.start_mark.line) + 1, Int(clamping: event.start_mark.column) + 1))
    anchors.removeAll(keepingCapacity: true)
    aliasCount = 0
    nodeCount = 0
    let data = event.data.document_start
    if data.version_directive != nil || data.tag_directives.start != data.tag_directives.end {
      directives(from: Int(event.start_mark.line), to: Int(event.end_mark.line))
    }
  }

  private mutating func endDocument() {
    completeDocuments = tree.documents.count
    for anchor in anchors.values.sorted(by: { $0.span < $1.span }) where !anchor.isUsed {
      findings.add(Messages.unusedAnchor(at: anchor.span))
    }
  }

  /// Appends a node and tells its parent; nil when reading stopped.
  mutating func append(_ node: YAMLNode) -> Int32 {
    let index = Int32(truncatingIfNeeded: tree.nodes.count)
    tree.nodes.append(node)
    if frames.isEmpty { tree.documents.append(index) }
    return index
  }

  func node(_ kind: YAMLNode.Kind, _ event: yaml_event_t) -> YAMLNode {
    var node = YAMLNode(
      kind: kind, line: Int32(truncatingIfNeeded: event.start_mark.line &+ 1),
      column: Int32(truncatingIfNeeded: event.start_mark.column &+ 1),
      endLine: Int32(truncatingIfNeeded: event.end_mark.line &+ 1),
      endColumn: Int32(truncatingIfNeeded: event.end_mark.column &+ 1))
    if node.line > last.line { (node.line, node.column) = (last.line, last.column) }
    if node.endLine > last.line { (node.endLine, node.endColumn) = (last.line, last.column) }
    return node
  }

  private mutating func scalar(_ event: yaml_event_t) {
    let data = event.data.scalar
    var new = node(.scalar, event)
    new.isPlain = data.style == YAML_PLAIN_SCALAR_STYLE
    let bytes = UnsafeBufferPointer<UInt8>(start: data.value, count: data.length)
    let span = SourceSpan(
      file: tree.file, line: new.line, column: new.column, endLine: new.endLine,
      endColumn: new.endColumn)
    if bytes.count > YAMLLimits.scalar {
      stop(Messages.scalarTooLong(at: span.start))
      return
    }
    let isKey = isKeyExpected
    if bytes.contains(UInt8(ascii: "$")), VariableText.isMarked(bytes) {
      variableDocuments.insert(documentStarts.count)
      if isKey { findings.add(Messages.variableInKey(at: span)) }
    }
    if isKey {
      new.symbol = keys.intern(bytes)
    } else {
      new.text = Int32(truncatingIfNeeded: tree.text.count)
      new.length = Int32(truncatingIfNeeded: bytes.count)
      tree.text.append(contentsOf: bytes)
    }
    let index = append(new)
    tree.nodes[Int(index)].end = index &+ 1
    lastScalar = index
    if data.tag != nil { findings.add(Messages.tag(at: tagSpan(span))) }
    if let name = data.anchor { declare(name, index, span, isOpen: false) }
    isKey ? key(index, span) : value(index, nodes: 1, height: 0)
  }

  private mutating func open(
    _ event: yaml_event_t, isMapping: Bool, anchor: UnsafePointer<UInt8>?,
    tag: UnsafePointer<UInt8>?
  ) {
    let new = node(isMapping ? .mapping : .sequence, event)
    let span = SourceSpan(
      file: tree.file, line: new.line, column: new.column, endLine: new.line,
      endColumn: new.column &+ 1)
    if frames.count >= YAMLLimits.depth {
      stop(Messages.tooDeep(at: span))
      return
    }
    let isKey = isKeyExpected
    if isKey { findings.add(Messages.keyIsNoText(at: complexKeySpan(span))) }
    let index = append(new)
    if tag != nil { findings.add(Messages.tag(at: tagSpan(span))) }
    var frame = Frame(node: index, isMapping: isMapping)
    frame.nodesBefore = nodeCount
    frame.isKey = isKey
    if let anchor { frame.anchor = declare(anchor, index, span, isOpen: true) }
    frames.append(frame)
  }

  private mutating func close(_ event: yaml_event_t) {
    guard let frame = frames.popLast() else { return }
    let end = Int32(truncatingIfNeeded: tree.nodes.count)
    tree.nodes[Int(frame.node)].end = end
    let closing = node(.scalar, event)
    tree.nodes[Int(frame.node)].endLine = closing.endLine
    tree.nodes[Int(frame.node)].endColumn = closing.endColumn
    if frame.isMapping { checkKeys(of: frame) }
    if frame.anchor >= 0 {
      anchors[frame.anchor]?.isOpen = false
      anchors[frame.anchor]?.nodes = nodeCount - frame.nodesBefore + 1
      anchors[frame.anchor]?.height = frame.height
    }
    if frame.isKey {
      frames[frames.count - 1].expectsKey = false
      frames[frames.count - 1].key = frame.node
    } else {
      value(frame.node, nodes: 1, height: frame.height)
    }
  }

  var isKeyExpected: Bool {
    guard let frame = frames.last else { return false }
    return frame.isMapping && frame.expectsKey
  }

  /// Takes note of a finished value: budget, depth, the parent's turn.
  mutating func value(_ index: Int32, nodes: Int, height: Int) {
    guard !frames.isEmpty else { return }
    nodeCount += nodes
    if nodeCount > YAMLLimits.nodes {
      stop(Messages.tooManyNodes(expanded: aliasCount > 0, at: tree.span(index).start))
      return
    }
    let last = frames.count - 1
    if frames[last].height <= height { frames[last].height = height + 1 }
    if frames[last].isMapping {
      frames[last].expectsKey = true
      let key = frames[last].key
      if key >= 0, tree.isMerge(key) { merge(key, index, last) }
    }
  }
}
