// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/samples/pattern_sample.h"

#include <algorithm>
#include <charconv>

namespace weir::synth {
namespace {

constexpr std::size_t sample_bytes_max = 10'000;
constexpr int nesting_max = 50;
/// Tried in this order for what a class leaves open.
constexpr std::string_view common = "a0A_ -.b1Bc2/:@xyz";

/// Reads the expression from left to right and writes as it goes.
class PatternReader {
  public:
    PatternReader(std::string_view pattern, std::size_t more)
        : m_left(pattern)
        , m_more(more) {}

    std::optional<std::string> read() {
        std::string out = alternatives(0);
        if (!m_known || !m_left.empty())
            return std::nullopt;
        return out;
    }

  private:
    bool takes(std::string_view text) {
        if (m_left.substr(0, text.size()) != text)
            return false;
        m_left.remove_prefix(text.size());
        return true;
    }
    char take() {
        if (m_left.empty()) {
            m_known = false;
            return 'x';
        }
        const char c = m_left.front();
        m_left.remove_prefix(1);
        return c;
    }

    /// Of several the first counts; the others are read over.
    std::string alternatives(int depth) {
        m_known = m_known && depth < nesting_max;
        if (!m_known)
            return {};
        std::string first = sequence(depth);
        while (m_known && takes("|"))
            sequence(depth);
        return first;
    }

    std::string sequence(int depth) {
        std::string out;
        while (m_known && !m_left.empty() && m_left.front() != '|' && m_left.front() != ')') {
            if (takes("^") || takes("$"))
                continue;
            const std::string one = atom(depth);
            const std::size_t count = quantifier();
            for (std::size_t i = 0; i < count && out.size() < sample_bytes_max; ++i)
                out += one;
        }
        return out;
    }

    std::string atom(int depth) {
        if (takes("(")) {
            if (takes("?") && !takes(":")) {
                m_known = false; // a look-around, or a name
                return {};
            }
            std::string inner = alternatives(depth + 1);
            m_known = m_known && takes(")");
            return inner;
        }
        if (takes("["))
            return from_class();
        if (takes("."))
            return "x";
        if (takes("\\"))
            return std::string(1, escaped());
        return std::string(1, take());
    }

    char escaped() {
        const char c = take();
        switch (c) {
        case 'd':
            return '1';
        case 'w':
        case 'D':
        case 'S':
            return 'a';
        case 's':
        case 'W':
            return ' ';
        case 'n':
            return '\n';
        case 't':
            return '\t';
        default:
            break;
        }
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        m_known = m_known && !letter; // \b, \u…, \p…, back-references
        return c;
    }

    std::string from_class() {
        const bool excludes = takes("^");
        bool listed[256] = {};
        char first = 0;
        bool any = false;
        while (m_known && !takes("]")) {
            const char low = takes("\\") ? escaped() : take();
            char high = low;
            if (m_left.size() > 1 && m_left[0] == '-' && m_left[1] != ']') {
                take();
                high = takes("\\") ? escaped() : take();
            }
            for (int c = static_cast<unsigned char>(low); c <= static_cast<unsigned char>(high);
                 ++c)
                listed[c] = true;
            first = any ? first : low;
            any = true;
        }
        if (!excludes)
            return any ? std::string(1, first) : std::string();
        for (const char c : common)
            if (!listed[static_cast<unsigned char>(c)])
                return std::string(1, c);
        m_known = false;
        return {};
    }

    std::size_t number() {
        std::size_t value = 0;
        const auto read = std::from_chars(m_left.data(), m_left.data() + m_left.size(), value);
        m_known = m_known && read.ec == std::errc();
        m_left.remove_prefix(static_cast<std::size_t>(read.ptr - m_left.data()));
        return std::min(value, sample_bytes_max);
    }

    std::size_t quantifier() {
        std::size_t least = 1;
        std::size_t most = 1;
        if (takes("+")) {
            most = sample_bytes_max;
        } else if (takes("*")) {
            least = 0;
            most = sample_bytes_max;
        } else if (takes("?")) {
            least = 0;
        } else if (takes("{")) {
            least = most = number();
            if (takes(","))
                most = !m_left.empty() && m_left.front() != '}' ? number() : sample_bytes_max;
            m_known = m_known && takes("}");
        }
        takes("?"); // as few as may be
        return std::min(most, least + m_more);
    }

    std::string_view m_left;
    const std::size_t m_more;
    bool m_known = true;
};

} // namespace

std::optional<std::string> pattern_sample(std::string_view pattern, std::size_t more) {
    return PatternReader(pattern, more).read();
}

} // namespace weir::synth
