/// All codes of manifest diagnostics with what each of them means; a code never changes its
/// meaning.
///
/// M00x–M01x: bytes and limits. M02x–M04x: YAML. M1xx: fields and values. M2xx: names and
/// references. M3xx: laws of Qdrant, which live with its rows. M6xx: policies.
package enum ManifestCode: String, Sendable, CaseIterable {
  case noDocument = "M001"
  case emptyDocument = "M002"
  case byteOrderMark = "M003"
  case utf16 = "M004"
  case invalidUTF8 = "M005"
  case controlCharacter = "M006"
  case loneCarriageReturn = "M007"
  case deceptiveCharacter = "M008"
  case unreadable = "M009"
  case fileTooLarge = "M010"
  case tooManyNodes = "M011"
  case tooDeep = "M012"
  case scalarTooLong = "M013"
  case tooManyEntries = "M014"
  case tooManyAnchors = "M015"
  case numberOutOfRange = "M016"
  case tooManyFiles = "M017"
  case noManifests = "M018"
  case tooManyProblems = "M019"
  case valueNotAllowed = "M020"
  case missingSpace = "M021"
  case indentation = "M022"
  case unclosed = "M023"
  case unexpectedClosing = "M024"
  case itemsAndKeysMixed = "M025"
  case unknownEscape = "M026"
  case versionDirective = "M027"
  case otherDirective = "M028"
  case unknownAlias = "M029"
  case unusedAnchor = "M030"
  case aliasOfAncestor = "M031"
  case anchorRedefined = "M032"
  case duplicateKey = "M033"
  case lookAlikeKeys = "M034"
  case mergeTwice = "M035"
  case mergeOfNoMapping = "M036"
  case mergeOverridden = "M037"
  case keyIsNoText = "M038"
  case emptyKey = "M039"
  case blockHeader = "M040"
  case unterminatedText = "M041"
  case tab = "M042"
  case tag = "M043"
  case reservedCharacter = "M044"
  case expectedSeparator = "M045"
  case syntax = "M049"
  case notAMapping = "M100"
  case unknownField = "M101"
  case wrongType = "M102"
  case unknownWord = "M103"
  case outOfBounds = "M104"
  case missingValue = "M105"
  case cannotUnset = "M106"
  case missingField = "M107"
  case misplacedField = "M108"
  case exclusive = "M109"
  case booleanWord = "M110"
  case notDecimalInteger = "M111"
  case quotedValue = "M112"
  case notFinite = "M113"
  case unknownKind = "M114"
  case notSupportedYet = "M115"
  case badDuration = "M116"
  case unnamedAndNamed = "M118"
  case listOrMapping = "M119"
  case literalSecret = "M120"
  case tlsVerification = "M121"
  case reservedKey = "M122"
  case manifestVersion = "M123"
  case duplicateResource = "M201"
  case secondWorkspace = "M202"
  case unknownCluster = "M203"
  case aliasTwice = "M204"
  case aliasIsCollection = "M205"
  case nameLength = "M206"
  case pathLikeName = "M207"
  case forbiddenCharacter = "M208"
  case doubtfulName = "M209"
  case lookAlikeNames = "M210"
  case namesDifferInCase = "M211"
  case reservedName = "M212"
  case longName = "M213"
  case indexPath = "M214"
  case indexTwice = "M215"
  case booleanName = "M216"
  case noCluster = "M217"
  case emptySelection = "M218"
  case listedTwice = "M219"
  case unknownIgnoredPath = "M220"
  case nameSyntax = "M222"
  case unknownClass = "M230"
  case classCycle = "M231"
  case changesForm = "M232"
  case unknownEnvironment = "M233"
  case undefinedVariable = "M234"
  case variableNeedsEnvironment = "M235"
  case badVariable = "M236"
  case unusedVariable = "M237"
  case idleOverlay = "M238"
  case badLevel = "M240"
  case levelValue = "M241"
  case badTemplate = "M242"
  case ambiguousTemplate = "M243"
  case unknownRule = "M601"
  case noDate = "M602"
  case noPattern = "M603"
  case expansionTooLarge = "M244"

  /// One sentence of documentation.
  package var documentation: String { ManifestCode.sentences[self] ?? "" }

  private static let sentences: [ManifestCode: String] = [
    .noDocument: "A manifest file holds no document at all.",
    .emptyDocument: "A document between separators is empty.",
    .byteOrderMark: "The file starts with a byte order mark, which is skipped.",
    .utf16: "The file is encoded as UTF-16; manifests are UTF-8.",
    .invalidUTF8: "A byte sequence is no valid UTF-8.",
    .controlCharacter: "A control character or a foreign line separator stands in the text.",
    .loneCarriageReturn: "A carriage return without a line feed ends a line.",
    .deceptiveCharacter: "A key or name holds an invisible or bidirectional character.",
    .unreadable: "A path cannot be read, or is no regular file.",
    .fileTooLarge: "A file is larger than 8 MiB.",
    .tooManyNodes: "Aliases expand a document to more than 100,000 values.",
    .tooDeep: "Values are nested more than 100 levels deep.",
    .scalarTooLong: "One value is longer than 1 MiB.",
    .tooManyEntries: "A document has more than 100,000 values.",
    .tooManyAnchors: "A document has more than 1,000 anchors or aliases.",
    .numberOutOfRange: "A number is too large for any machine.",
    .tooManyFiles: "More than 20,000 files are to be read.",
    .noManifests: "The given paths hold no manifest; that never means to delete everything.",
    .tooManyProblems: "There are more problems than anyone reads; the rest is not told.",
    .valueNotAllowed: "A second colon makes the line ambiguous.",
    .missingSpace: "A colon needs a space after it to separate key and value.",
    .indentation: "A line is indented to a column at which nothing began.",
    .unclosed: "A bracket or brace is opened and not closed.",
    .unexpectedClosing: "A bracket or brace is closed that was not opened.",
    .itemsAndKeysMixed: "List items and keys stand in one column.",
    .unknownEscape: "A quoted text holds an escape that YAML does not have.",
    .versionDirective: "A directive asks for another version of YAML than 1.2.",
    .otherDirective: "Directives other than %YAML are not supported.",
    .unknownAlias: "An alias names an anchor that is not defined before it.",
    .unusedAnchor: "An anchor is defined and never used.",
    .aliasOfAncestor: "An alias stands inside of what it stands for.",
    .anchorRedefined: "An anchor is defined twice in one document.",
    .duplicateKey: "A key stands twice in one mapping.",
    .lookAlikeKeys: "Two keys look the same and are written with different characters.",
    .mergeTwice: "A mapping has more than one merge key.",
    .mergeOfNoMapping: "A merge key takes a mapping, or a list of them.",
    .mergeOverridden: "A key replaces one that a merge key brings.",
    .keyIsNoText: "Keys are plain text.",
    .emptyKey: "There is no key before the colon.",
    .blockHeader: "The header of a block scalar is malformed.",
    .unterminatedText: "A quoted text is not closed.",
    .tab: "A tab stands where YAML wants spaces.",
    .tag: "Tags are not supported.",
    .reservedCharacter: "A value begins with a character that YAML reserves.",
    .expectedSeparator: "A new document needs a line with three hyphens before it.",
    .syntax: "The text is no YAML.",
    .notAMapping: "A document is a mapping with a kind and a name.",
    .unknownField: "The kind has no field of that name.",
    .wrongType: "A value has another type than the field takes.",
    .unknownWord: "A value is none of the words that the field takes.",
    .outOfBounds: "A value lies outside of what servers accept.",
    .missingValue: "A key has no value.",
    .cannotUnset: "A server cannot unset the field, and null would keep its value.",
    .missingField: "A field that must be said is missing.",
    .misplacedField: "A field stands in the wrong place or kind.",
    .exclusive: "Only one of several alternatives may be given.",
    .booleanWord: "Only true and false are Booleans in YAML 1.2.",
    .notDecimalInteger: "Integers are written in decimal digits only.",
    .quotedValue: "Quotes make a text of what should be a number or a Boolean.",
    .notFinite: "Infinities and NaN are no values.",
    .unknownKind: "The kind of a document is missing or unknown.",
    .notSupportedYet: "The language has it, and this version does not.",
    .badDuration: "A duration is a number with a unit.",
    .unnamedAndNamed: "The unnamed vector and named ones cannot stand together in one mapping.",
    .listOrMapping: "A list stands where a mapping is expected, or the reverse.",
    .literalSecret: "A secret stands in a manifest; only references to secrets may.",
    .tlsVerification: "The check of certificates cannot be turned off.",
    .reservedKey: "A metadata key is reserved for the tool's own mark.",
    .manifestVersion: "The manifests are written for another version of the language.",
    .duplicateResource: "A resource is declared twice.",
    .secondWorkspace: "There is more than one Workspace.",
    .unknownCluster: "A cluster that is referred to is not declared.",
    .aliasTwice: "An alias is claimed twice on one cluster.",
    .aliasIsCollection: "An alias has the name of a collection.",
    .nameLength: "A name is empty or too long in bytes.",
    .pathLikeName: "A name is '.' or '..', which file systems take for folders.",
    .forbiddenCharacter: "A name holds a character that servers refuse.",
    .doubtfulName: "A name begins with a dot or ends in a space.",
    .lookAlikeNames: "Two names look the same and are written with different characters.",
    .namesDifferInCase: "Two names differ in upper and lower case only.",
    .reservedName: "Names that begin with _qr_ are reserved.",
    .longName: "Snapshots of collections with names over 200 bytes fail.",
    .indexPath: "The path of a payload index is malformed.",
    .indexTwice: "Two spellings name one payload index.",
    .booleanName: "A name is a word that older YAML tools read as a Boolean.",
    .noCluster: "A collection does not say on which of several clusters it lives.",
    .emptySelection: "A selection matches no cluster.",
    .listedTwice: "A list names one thing twice.",
    .unknownIgnoredPath: "A field that is to be ignored does not exist.",
    .unknownRule: "A policy names a rule that does not exist.",
    .noDate: "A waiver ends on a day that is no day of the calendar.",
    .noPattern: "A pattern is no regular expression.",
    .nameSyntax: "The name has characters that this kind's names cannot have.",
    .unknownClass: "A class that is referred to is not declared.",
    .classCycle: "Classes build on each other in a circle, or too deep.",
    .unknownEnvironment: "The environment that is asked for is not declared.",
    .undefinedVariable: "A variable is not declared.",
    .variableNeedsEnvironment: "Manifests use variables, and no environment is selected.",
    .badVariable: "A variable's name or value is malformed, or it stands in a key.",
    .unusedVariable: "A variable of the selected environment is never used.",
    .expansionTooLarge: "Classes, trees and variables make more than 32 Mi values, or bytes.",
    .badLevel: "A level of a hierarchy, or what a hierarchy says has moved, is malformed.",
    .levelValue: "A level of a hierarchy does not take that value.",
    .badTemplate: "A template of names does not hold every level of the name once.",
    .ambiguousTemplate: "A name that a template makes cannot be read back.",
    .idleOverlay: "An overlay of the selected environment matches nothing.",
    .changesForm: "A layer makes a mapping, list or single value of another form.",
  ]
}

extension ManifestCode {
  /// The code is given out under the text of its raw value.
  var text: String { rawValue }
}
