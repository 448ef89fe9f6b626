// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/split.h"

#include <array>
#include <cstring>

namespace weir::sandbox {

namespace {

constexpr std::string_view space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

/// Behind the string whose opening quote is before `at`; the end if it is not closed.
std::size_t string_end(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const auto* const quote =
            static_cast<const char*>(std::memchr(text.data() + at, '"', text.size() - at));
        if (quote == nullptr)
            return text.size();
        const auto found = static_cast<std::size_t>(quote - text.data());
        std::size_t slashes = 0;
        while (found - slashes > at && text[found - slashes - 1] == '\\')
            ++slashes;
        if (slashes % 2 == 0)
            return found + 1;
        at = found + 1;
    }
    return text.size();
}

/// Which bytes end the quick run over a value's inside.
constexpr std::array<bool, 256> structural = [] {
    std::array<bool, 256> table{};
    for (const char c : {'"', '{', '}', '[', ']', ','})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

/// Behind the element that begins at `at`: at the comma or bracket of the array around it.
std::size_t element_end(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (!structural[static_cast<unsigned char>(c)]) {
            ++at;
        } else if (c == '"') {
            at = string_end(text, at + 1);
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (depth == 0) {
            return at;
        } else {
            depth -= c == ',' ? 0 : 1;
            ++at;
        }
    }
    return at;
}

/// Whether what opens at `at`, within an object, may stand there: what begins behind something else
/// is the next event, and the one before it was not closed.
bool may_open(std::string_view text, std::size_t at) {
    const std::size_t before = text.find_last_not_of(space, at - 1);
    return text[before] == ':' || text[before] == ',' || text[before] == '[';
}

/// Behind the object that the text begins with; npos: it is never closed, be it that a string in it
/// is not (none spans lines) or that another one begins first.
std::size_t object_end(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c == '"') {
            const std::size_t end = string_end(text, at);
            if (text.substr(at, end - at).find('\n') != std::string_view::npos)
                return std::string_view::npos;
            at = end;
        } else if (c == '{' || c == '[') {
            if (depth++ > 0 && !may_open(text, at - 1))
                return std::string_view::npos;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

/// One object, which may span lines: it ends where the text does, and not before. One that is never
/// closed is one all the same where no other line looks like the beginning of an event.
bool is_one_object(std::string_view text) {
    const std::size_t end = object_end(text);
    if (end != std::string_view::npos)
        return end == text.size();
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at)) {
        at = text.find_first_not_of(space, at);
        if (text[at] == '{')
            return false;
    }
    return true;
}

struct Taker {
    Pieces& pieces;
    std::size_t events_max;
    /// False: that is enough.
    bool take(std::string_view piece) {
        if (pieces.events.size() == events_max) {
            pieces.too_many = true;
            return false;
        }
        pieces.events.push_back(piece);
        return true;
    }
};

void split_array(std::string_view body, Taker taker) {
    std::size_t at = 1;
    for (;;) {
        const std::size_t end = element_end(body, at);
        const std::string_view element = trimmed(body.substr(at, end - at));
        const bool last = end >= body.size() || body[end] != ',';
        // "[]" has no element; "[1,]" and "[,1]" have one that is nothing.
        if (!element.empty() || !last || !taker.pieces.events.empty())
            if (!taker.take(element))
                return;
        if (last) {
            at = end;
            break;
        }
        at = end + 1;
    }
    // The array is to end with the body. If it does not, what is left is no event.
    const bool closed = at < body.size() && body[at] == ']';
    const std::string_view rest =
        trimmed(body.substr(std::min(at + (closed ? 1 : 0), body.size())));
    if (!rest.empty())
        taker.take(rest);
}

void split_lines(std::string_view body, Taker taker) {
    std::size_t at = 0;
    while (at < body.size()) {
        const std::size_t end = std::min(body.find('\n', at), body.size());
        const std::string_view line = trimmed(body.substr(at, end - at));
        if (!line.empty() && !taker.take(line))
            return;
        at = end + 1;
    }
}

} // namespace

Pieces split_body(std::string_view body, std::size_t events_max) {
    Pieces pieces;
    const Taker taker{pieces, events_max};
    const std::string_view text = trimmed(body);
    if (text.empty())
        return pieces;
    if (text.front() == '[') {
        split_array(text, taker);
        return pieces;
    }
    if (text.front() == '{' && is_one_object(text)) {
        pieces.events.push_back(text);
        return pieces;
    }
    split_lines(text, taker);
    return pieces;
}

} // namespace weir::sandbox
