// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What went wrong with a run's files, where, and the way out.
public struct RunError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case noSpace, permissionDenied, notFound, locked, damaged, invalidName, system
        }

        private var value: Value

        /// The disk or the quota is full.
        public static let noSpace = Self(value: .noSpace)
        /// The file or folder may not be read or written.
        public static let permissionDenied = Self(value: .permissionDenied)
        /// The file or folder does not exist.
        public static let notFound = Self(value: .notFound)
        /// Another process is writing this run.
        public static let locked = Self(value: .locked)
        /// A file does not hold what it should.
        public static let damaged = Self(value: .damaged)
        /// A run may not have this name.
        public static let invalidName = Self(value: .invalidName)
        /// Any other failure that the operating system reports.
        public static let system = Self(value: .system)
    }

    /// What kind of failure it is.
    public var code: Code
    /// The file or folder.
    public var path: String
    /// What went wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String

    /// Makes an error.
    public init(_ code: Code, path: String, message: String, remedy: String) {
        self.code = code
        self.path = path
        self.message = message
        self.remedy = remedy
    }

    /// One line: the place, what went wrong, and the remedy.
    public var description: String {
        "\(path): \(message); \(remedy)"
    }
}

extension RunError {
    /// What the operating system's error number says about an operation on a file.
    ///
    /// - Parameters:
    ///   - number: The value of `errno` after the failed call.
    ///   - operation: What was tried, as in "cannot *write*".
    ///   - path: The file or folder.
    /// - Returns: The error with its remedy.
    package static func system(_ number: Int32, _ operation: String, path: String) -> Self {
        let (code, remedy) = Self.remedy(for: number)
        let reason = String(cString: strerror(number))
        return Self(code, path: path, message: "cannot \(operation): \(reason)", remedy: remedy)
    }

    private static func remedy(for number: Int32) -> (Code, String) {
        switch number {
        case ENOSPC, EDQUOT:
            (.noSpace, "free some space and run the command again, everything written before is intact")
        case EACCES, EPERM:
            (.permissionDenied, "check the owner and the mode of the file and its folder, or choose another folder")
        case EROFS:
            (.permissionDenied, "the file system is read-only, choose another folder")
        case ENOENT:
            (.notFound, "check the path")
        case EMFILE, ENFILE:
            (.system, "too many files are open, raise the limit with `ulimit -n 4096`")
        case EIO:
            (.system, "the device reports an error, check the disk and its cable or mount")
        case ENOTDIR, EISDIR, EEXIST, ENOTEMPTY:
            (.system, "something else stands at this path, move it away or choose another folder")
        default:
            (.system, "check the path and the disk")
        }
    }

    /// Turns an error of Foundation's file functions into one of ours.
    package static func wrapping(_ error: any Error, _ operation: String, path: String) -> any Error {
        if error is RunError || error is CancellationError { return error }
        let number = errorNumber(in: error as NSError)
        return number.map { system($0, operation, path: path) }
            ?? Self(.system, path: path, message: "cannot \(operation): \(error)", remedy: "check the path")
    }

    private static func errorNumber(in error: NSError) -> Int32? {
        if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError { return errorNumber(in: cause) }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
        case .fileWriteOutOfSpace: return ENOSPC
        case .fileReadNoPermission, .fileWriteNoPermission: return EACCES
        case .fileWriteVolumeReadOnly: return EROFS
        default: return nil
        }
    }
}
