// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/result.h"

namespace weir {

const char* to_word(ErrorCode code) {
    switch (code) {
    case ErrorCode::Usage:
        return "usage";
    case ErrorCode::Config:
        return "config";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::NotPermitted:
        return "not_permitted";
    case ErrorCode::Authentication:
        return "authentication";
    case ErrorCode::Connection:
        return "connection";
    case ErrorCode::Timeout:
        return "timeout";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::TooLarge:
        return "too_large";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Refused:
        return "refused";
    case ErrorCode::DiskFull:
        return "disk_full";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

std::string Error::text() const {
    std::string line;
    const bool names_it = what.starts_with(where + " "); // "HOST:PORT refuses connections"
    if (!where.empty() && !names_it)
        line += where + ": ";
    line += what;
    if (!tried.empty())
        line += " (while " + tried + ")";
    if (!advice.empty()) {
        if (!line.empty() && line.back() != '.')
            line += '.';
        line += ' ' + advice;
    }
    return line;
}

} // namespace weir
