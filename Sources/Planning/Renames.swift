import JSON
import ResourceModel

/// Collections of a tree under new names: never made anew beside the old one without a word.
///
/// A server cannot rename a collection. What a manifest declares as moved is refused until a copy
/// can be made of it; what only looks like it is told, since nothing is sure about a name.
enum Renames {
  /// The live collections that no manifest mentions, by the words of their names.
  static func unmentioned(
    _ collections: [DesiredResource], _ observed: ObservedCluster
  ) -> [String: ExactString] {
    guard collections.contains(where: { !$0.treeValues.isEmpty }) else { return [:] }
    let mentioned = Set(collections.map(\.address.collection))
    var names: [String: ExactString] = [:]
    for name in observed.collectionNames.subtracting(mentioned).sorted(by: >) {
      names[words(name.string)] = name
    }
    return names
  }

  /// What is between marks: `legal.contracts` and `legal-contracts` have the same words.
  static func words(_ name: String) -> String {
    name.unicodeScalars.split { scalar in
      scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
    }.map { String($0) }.joined(separator: " ")
  }
}

extension CollectionPlanner {
  /// The refusal of a collection that has moved and is still there under its old name.
  func renameRefusal(_ desired: DesiredResource) -> Refusal? {
    guard let old = desired.renamedFrom, context.observed.collectionNames.contains(old) else {
      return nil
    }
    return Messages.renameNeedsCopy(
      desired.address, from: old, context.place(desired.provenance))
  }

  /// What is told of a new collection of a tree when a live one looks like it.
  func renameWarning(_ desired: DesiredResource) -> PlanWarning? {
    guard !desired.treeValues.isEmpty, !context.unmentioned.isEmpty else { return nil }
    let words = Renames.words(desired.treeValues.map(\.string).joined(separator: " "))
    guard let old = context.unmentioned[words] else { return nil }
    return Messages.looksRenamed(desired.address, from: old, context.place(desired.provenance))
  }
}

extension Messages {
  static func renameNeedsCopy(
    _ address: ResourceAddress, from old: ExactString, _ position: SourcePosition?
  ) -> Refusal {
    Refusal(
      "R220", address,
      "it is '\(old)' under a new name: a server cannot rename a collection, and a copy is needed",
      hint: "keep the old name, or copy the points and remove 'moved'", position: position)
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
