package import JSON
package import ResourceModel

/// Collections of a tree under new names: never made anew beside the old one without a word.
///
/// A server cannot rename a collection. What a manifest declares as moved, and what bears the mark
/// of the same leaf, is refused until a copy can be made of it; what only looks like it (servers
/// before 1.16 keep no marks) is told, since nothing is sure about a name.
enum Renames {
  /// The live collections that no manifest mentions, by the words of their names.
  static func unmentioned(
    _ collections: [DesiredResource], _ observed: ObservedCluster
  ) -> [String: ExactString] {
    guard collections.contains(where: { $0.leaf != nil }) else { return [:] }
    let mentioned = Set(collections.map(\.address.collection))
    var names: [String: ExactString] = [:]
    for name in observed.collectionNames.subtracting(mentioned).sorted(by: >) {
      names[words(name.string)] = name
    }
    return names
  }

  /// The live collections of a workspace that no manifest mentions, by the leaves that they are.
  static func leaves(
    _ collections: [DesiredResource], _ observed: ObservedCluster, _ workspace: String
  ) -> [String: ExactString] {
    let mentioned = Set(collections.map(\.address.collection))
    var leaves: [String: ExactString] = [:]
    for (name, live) in observed.collections.sorted(by: { $0.key > $1.key }) {
      guard let mark = live.mark, mark.workspace == workspace, let node = mark.node,
        !mentioned.contains(name)
      else { continue }
      leaves[node] = name
    }
    return leaves
  }

  /// What is between marks: `legal.contracts` and `legal-contracts` have the same words.
  static func words(_ name: String) -> String {
    name.unicodeScalars.split { scalar in
      scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
    }.map { String($0) }.joined(separator: " ")
  }
}

extension Planner {
  /// The collections that no manifest mentions and that have to be read, too.
  ///
  /// All of them where a leaf is not live, since it may be one of them under another name;
  /// otherwise those that an alias would be taken from, since they may belong to somebody else.
  package func furtherCollections(
    _ desired: DesiredState, on cluster: String, _ observed: ObservedCluster
  ) -> Set<ExactString> {
    let mine = desired.collections.filter { $0.address.cluster == cluster }
    let names = observed.collectionNames
    let others = names.subtracting(mine.map(\.address.collection))
    let isMissing = mine.contains {
      $0.isPresent && $0.leaf != nil && !names.contains($0.address.collection)
    }
    if isMissing || others.isEmpty { return others }
    let served = mine.flatMap(\.children).lazy
      .filter { $0.isPresent && $0.address.kind == .alias }
      .compactMap { observed.aliases[$0.address.name] }
    return others.intersection(served)
  }
}

extension CollectionPlanner {
  /// The refusal of a collection that has moved and is still there under its old name.
  func renameRefusal(_ desired: DesiredResource) -> Refusal? {
    let position = context.place(desired.provenance)
    if let old = desired.renamedFrom, context.observed.collectionNames.contains(old) {
      return Messages.renameNeedsCopy(
        desired.address, from: old, "copy the points and remove 'moved'", position)
    }
    guard let leaf = desired.leaf, let old = context.leaves[leaf.description] else { return nil }
    return Messages.renameNeedsCopy(
      desired.address, from: old,
      "copy the points first, or declare the old one as a Collection of its own", position)
  }

  /// What is told of a new collection of a tree when a live one looks like it.
  func renameWarning(_ desired: DesiredResource) -> PlanWarning? {
    guard let leaf = desired.leaf, !context.unmentioned.isEmpty else { return nil }
    let words = Renames.words(leaf.values.joined(separator: " "))
    guard let old = context.unmentioned[words] else { return nil }
    return Messages.looksRenamed(desired.address, from: old, context.place(desired.provenance))
  }
}

extension Messages {
  static func renameNeedsCopy(
    _ address: ResourceAddress, from old: ExactString, _ hint: String, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R220", address,
      "it is '\(old)' under a new name: a server cannot rename a collection, and a copy is needed",
      hint: "keep the old name, or " + hint, position: position)
  }

  static func looksRenamed(
    _ address: ResourceAddress, from old: ExactString, _ position: SourcePosition?
  ) -> PlanWarning {
    PlanWarning(
      "W220", address,
      "'\(old)' is live, in no manifest, and looks like this collection under another template; "
        + "if it is, declare it with 'moved', since this makes a new and empty one",
      position: position)
  }
}
