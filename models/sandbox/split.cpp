// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/split.h"

#include <algorithm>
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

/// Behind the string whose opening quote is before `at`; npos: it is not closed.
std::size_t string_end(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const auto* const quote =
            static_cast<const char*>(std::memchr(text.data() + at, '"', text.size() - at));
        if (quote == nullptr)
            break;
        const auto found = static_cast<std::size_t>(quote - text.data());
        std::size_t slashes = 0;
        while (found - slashes > at && text[found - slashes - 1] == '\\')
            ++slashes;
        if (slashes % 2 == 0)
            return found + 1;
        at = found + 1;
    }
    return std::string_view::npos;
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
            at = std::min(string_end(text, at + 1), text.size());
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

/// Looks for the end of the object that a text begins with, in one part of the text after the
/// other.
class ObjectEnd {
  public:
    explicit ObjectEnd(std::string_view text)
        : m_text(text) {}

    /// Behind the object; npos: it does not end before `end`, and if it is broken, nowhere.
    std::size_t within(std::size_t end) {
        const std::string_view text = m_text.substr(0, end);
        while (m_at < text.size() && !m_broken) {
            const char c = text[m_at++];
            if (c == '"') {
                const std::size_t behind = string_end(text, m_at);
                m_broken = text.substr(m_at, behind - m_at).find('\n') != std::string_view::npos ||
                           behind == std::string_view::npos;
                m_at = std::min(behind, text.size());
            } else if (c == '{' || c == '[') {
                m_broken = m_depth++ > 0 && !may_open(text, m_at - 1);
            } else if ((c == '}' || c == ']') && --m_depth == 0) {
                return m_at;
            }
        }
        return std::string_view::npos;
    }
    /// A string in it is not closed (none spans lines), or another one begins before it ends.
    bool is_broken() const { return m_broken; }

  private:
    const std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    bool m_broken = false;
};

/// One object, which may span lines: it ends where the text does, and not before. One that is never
/// closed is one all the same where no other line looks like the beginning of an event.
bool is_one_object(std::string_view text) {
    const std::size_t end = ObjectEnd(text).within(text.size());
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

std::size_t line_end(std::string_view body, std::size_t at) {
    return std::min(body.find('\n', at), body.size());
}

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
}

/// Behind what begins at `at`, where a line does: it is one line, or an object that is written over
/// several, those within it indented. One that is never closed ends before the next line that is
/// not. What is indented and an object itself is within it only where the line before the first
/// such one ended in a bracket, so that a line that is broken takes no other one along.
std::size_t event_end(std::string_view body, std::size_t at) {
    std::size_t end = line_end(body, at);
    const std::string_view first = body.substr(at, end - at);
    const std::size_t indent = indent_of(first);
    if (indent == first.size() || first[indent] != '{')
        return end;
    const std::size_t begin = at + indent;
    ObjectEnd object(body.substr(begin));
    if (object.within(end - begin) != std::string_view::npos || object.is_broken())
        return end;
    bool objects_within = trimmed(first).back() == '[';
    for (std::size_t next = end + 1; next < body.size();) {
        const std::size_t next_end = line_end(body, next);
        const std::string_view line = body.substr(next, next_end - next);
        const std::string_view text = trimmed(line);
        next = next_end + 1;
        if (text.empty())
            continue;
        const bool inside = indent_of(line) > indent;
        const bool closes = text.front() == '}' || text.front() == ']';
        if ((!inside && !closes) || (text.front() == '{' && !objects_within))
            break;
        objects_within = true;
        const std::size_t closed = object.within(next_end - begin);
        if (closed != std::string_view::npos) {
            const std::string_view rest =
                trimmed(body.substr(begin + closed, next_end - begin - closed));
            return rest.starts_with('{') ? begin + closed : next_end;
        }
        end = next_end;
        if (!inside)
            break; // here it was to be closed
    }
    return end;
}

void split_lines(std::string_view body, Taker taker) {
    std::size_t at = 0;
    while (at < body.size()) {
        const std::size_t end = event_end(body, at);
        const std::string_view piece = trimmed(body.substr(at, end - at));
        if (!piece.empty() && !taker.take(piece))
            return;
        at = end + (end < body.size() && body[end] == '\n' ? 1 : 0);
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
    // With the blanks before its first line, which others are indented against.
    const auto begin = static_cast<std::size_t>(text.data() - body.data());
    const std::size_t line = body.substr(0, begin).rfind('\n') + 1; // npos + 1 is 0
    split_lines(body.substr(line, begin + text.size() - line), taker);
    return pieces;
}

} // namespace weir::sandbox
