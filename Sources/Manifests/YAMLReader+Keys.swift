import CYAML
import Diagnostics
import JSON

/// Keys, merge keys, anchors, aliases and directives.
extension YAMLReader {
  /// Takes note of a key.
  mutating func key(_ index: Int32, _ span: SourceSpan) {
    let last = frames.count - 1
    frames[last].expectsKey = false
    frames[last].key = index
    let node = tree.nodes[Int(index)]
    if node.isPlain, node.line == node.endLine, node.column == node.endColumn {
      let colon = SourceSpan(
        file: span.file, line: span.line, column: span.column, endLine: span.line,
        endColumn: span.column &+ 1)
      findings.add(Messages.emptyKey(at: colon))
    } else if keys.traits[Int(node.symbol)].contains(.deceptive) {
      let text = keys[node.symbol].string
      let place = NameRules.place(of: { !Sanitizer.isHarmless($0) }, in: text, span, source)
      findings.add(Messages.deceptiveCharacter(place.scalar, in: "key", at: place.span))
    }
  }

  /// Finds keys that stand twice in a mapping, and those that only look alike.
  mutating func checkKeys(of frame: Frame) {
    let mapping = frame.node
    mappingCount &+= 1
    while lastMapping.count < keys.count {
      lastMapping.append(-1)
      lastKey.append(-1)
    }
    var isASCII = true
    var next = mapping + 1
    while next < tree.nodes[Int(mapping)].end {
      let symbol = tree.nodes[Int(next)].symbol
      if symbol >= 0, !tree.isMerge(next) {
        if lastMapping[Int(symbol)] == mappingCount {
          let first = tree.span(lastKey[Int(symbol)])
          findings.add(
            Messages.duplicateKey(keys[symbol].string, at: tree.span(next), first: first))
        } else {
          lastMapping[Int(symbol)] = mappingCount
          lastKey[Int(symbol)] = next
        }
        if !keys.traits[Int(symbol)].contains(.ascii) { isASCII = false }
      }
      next = tree.nodes[Int(tree.nodes[Int(next)].end)].end
    }
    if !isASCII { checkLookAlikes(in: mapping) }
    if frame.firstMerge >= 0 {
      tree.nodes[Int(mapping)].hasMerge = true
      noteOverrides(in: mapping)
    }
  }

  /// Swift's strings are equal when they are canonically equivalent, which is what is asked here.
  private mutating func checkLookAlikes(in mapping: Int32) {
    var seen: [String: Int32] = [:]
    var next = mapping + 1
    while next < tree.nodes[Int(mapping)].end {
      let symbol = tree.nodes[Int(next)].symbol
      if symbol >= 0 {
        let text = keys[symbol].string
        if let other = seen[text], tree.nodes[Int(other)].symbol != symbol {
          findings.add(
            Messages.lookAlikeKeys(text, at: tree.span(next), first: tree.span(other)))
        } else {
          seen[text] = next
        }
      }
      next = tree.nodes[Int(tree.nodes[Int(next)].end)].end
    }
  }

  /// Checks what a `<<` brings.
  mutating func merge(_ key: Int32, _ value: Int32, _ frame: Int) {
    frames[frame].key = -1
    if frames[frame].firstMerge >= 0 {
      findings.add(
        Messages.mergeTwice(at: tree.span(key), first: tree.span(frames[frame].firstMerge)))
      return
    }
    frames[frame].firstMerge = key
    let isGood =
      tree.kind(value) == .sequence
      ? tree.elements(of: value).allSatisfy { tree.kind($0) == .mapping }
      : tree.kind(value) == .mapping
    if !isGood { findings.add(Messages.mergeOfNoMapping(at: tree.span(value))) }
  }

  private mutating func noteOverrides(in mapping: Int32) {
    var own: [Int32: Int32] = [:]
    var merged: [Int32] = []
    var next = mapping + 1
    while next < tree.nodes[Int(mapping)].end {
      let value = tree.nodes[Int(next)].end
      if tree.isMerge(next) {
        merged.append(value)
      } else {
        own[tree.nodes[Int(next)].symbol] = next
      }
      next = tree.nodes[Int(value)].end
    }
    var told: Set<Int32> = []
    for entry in merged.flatMap(tree.mergedEntries) {
      let symbol = tree.nodes[Int(entry.key)].symbol
      if let key = own[symbol], told.insert(symbol).inserted {
        findings.add(
          Messages.mergeOverridden(
            keys[symbol].string, at: tree.span(key), merged: tree.span(entry.key)))
      }
    }
  }

  /// Declares an anchor; gives its number.
  @discardableResult
  mutating func declare(
    _ name: UnsafePointer<UInt8>, _ node: Int32, _ span: SourceSpan, isOpen: Bool
  ) -> Int32 {
    let text = String(cString: name)
    let symbol = keys.intern(text)
    let place = anchorSpan(span, text)
    if let first = anchors[symbol] {
      findings.add(Messages.anchorRedefined(text, at: place, first: first.span))
    } else if anchors.count >= YAMLLimits.aliases {
      stop(Messages.tooManyAnchors(at: place))
    }
    anchors[symbol] = Anchor(node: node, span: place, isOpen: isOpen)
    return symbol
  }

  mutating func alias(_ event: yaml_event_t) {
    var new = node(.alias, event)
    let span = SourceSpan(
      file: tree.file, line: new.line, column: new.column, endLine: new.endLine,
      endColumn: new.endColumn)
    guard let name = event.data.alias.anchor else { return }
    aliasCount += 1
    if aliasCount > YAMLLimits.aliases {
      stop(Messages.tooManyAliases(at: span))
      return
    }
    let text = String(cString: name)
    let symbol = keys.intern(text)
    guard var anchor = anchors[symbol], !anchor.isOpen else {
      let names = anchors.keys.map { keys[$0].string }
      stop(
        anchors[symbol] == nil
          ? Messages.unknownAlias(text, among: names, at: span)
          : Messages.aliasOfAncestor(text, at: span, anchor: anchors[symbol]?.span))
      return
    }
    anchor.isUsed = true
    anchors[symbol] = anchor
    if frames.count + anchor.height > YAMLLimits.depth {
      stop(Messages.tooDeep(at: span))
      return
    }
    let isKey = isKeyExpected
    if isKey { findings.add(Messages.keyIsNoText(at: span)) }
    new.text = anchor.node
    let index = append(new)
    tree.nodes[Int(index)].end = index &+ 1
    if isKey {
      frames[frames.count - 1].expectsKey = false
      frames[frames.count - 1].key = index
    } else {
      value(index, nodes: anchor.nodes, height: anchor.height)
    }
  }
}
