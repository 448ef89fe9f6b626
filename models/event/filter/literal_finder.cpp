// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/literal_finder.h"

#include <bit>
#include <cstring>

#include "connectors/base/characters.h"
#include "models/event/json/byte_masks.h"

namespace weir {

namespace {

/// How common a byte is in events, roughly; ties keep the earlier byte.
int commonness(char c) {
    static constexpr std::string_view commonest = "\"e:,ta_s0nio1r2-3d45cp6l798u.mbf {}h";
    const std::size_t rank = commonest.find(lower(c));
    if (rank != std::string_view::npos)
        return 100 - static_cast<int>(rank);
    return is_letter(c) ? 40 : 20;
}

LiteralFinder::Probe probe_at(const std::string& literal, std::size_t at, bool fold) {
    const bool letter = fold && is_letter(literal[at]);
    return {at, static_cast<std::uint8_t>(letter ? 0x20 : 0),
            static_cast<std::uint8_t>(literal[at])};
}

/// The place of the rarest byte, leaving out `except`; of a literal of one byte its only place.
std::size_t rarest(const std::string& literal, std::size_t except) {
    std::size_t best = LiteralFinder::npos;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        if (i != except &&
            (best == LiteralFinder::npos || commonness(literal[i]) < commonness(literal[best])))
            best = i;
    }
    return best == LiteralFinder::npos ? 0 : best;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) inline std::uint32_t bits(__m256i mask) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask));
}
#endif

} // namespace

LiteralFinder::LiteralFinder(std::string_view literal, bool fold_case)
    : m_literal(literal)
    , m_fold(fold_case) {
    if (m_fold) {
        for (char& c : m_literal)
            c = lower(c);
    }
    if (m_literal.empty())
        return;
    const std::size_t first = rarest(m_literal, npos);
    m_probes[0] = probe_at(m_literal, first, m_fold);
    m_probes[1] = probe_at(m_literal, rarest(m_literal, first), m_fold);
}

bool LiteralFinder::matches_at(const char* text) const {
    if (!m_fold)
        return std::memcmp(text, m_literal.data(), m_literal.size()) == 0;
    for (std::size_t i = 0; i < m_literal.size(); ++i) {
        if (lower(text[i]) != m_literal[i])
            return false;
    }
    return true;
}

/// Text too short for a vector; also the end of a longer one on machines without vectors.
template <bool StopAtBackslash>
std::size_t LiteralFinder::search_short(std::string_view text) const {
    const Probe& probe = m_probes[0];
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (StopAtBackslash && text[at] == '\\')
            return at;
        if (at + m_literal.size() <= text.size() &&
            (static_cast<std::uint8_t>(text[at + probe.at]) | probe.mask) == probe.byte &&
            matches_at(text.data() + at))
            return at;
    }
    return npos;
}

#if defined(__x86_64__)

template <bool StopAtBackslash>
std::size_t LiteralFinder::search_16(std::string_view text) const {
    constexpr std::size_t width = 16;
    const __m128i mask_a = _mm_set1_epi8(static_cast<char>(m_probes[0].mask));
    const __m128i mask_b = _mm_set1_epi8(static_cast<char>(m_probes[1].mask));
    const __m128i byte_a = _mm_set1_epi8(static_cast<char>(m_probes[0].byte));
    const __m128i byte_b = _mm_set1_epi8(static_cast<char>(m_probes[1].byte));
    const __m128i backslash = _mm_set1_epi8('\\');
    const auto load = [&](std::size_t at) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    };
    const std::size_t last = text.size() - m_literal.size() + 1 - width; // last whole block
    for (std::size_t at = 0;; at = at + width < last ? at + width : last) {
        if (StopAtBackslash && _mm_movemask_epi8(_mm_cmpeq_epi8(load(at), backslash)) != 0)
            return at;
        const __m128i a = _mm_or_si128(load(at + m_probes[0].at), mask_a);
        const __m128i b = _mm_or_si128(load(at + m_probes[1].at), mask_b);
        auto hits = static_cast<std::uint32_t>(
            _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, byte_a), _mm_cmpeq_epi8(b, byte_b))));
        for (; hits != 0; hits &= hits - 1) {
            const std::size_t hit = at + static_cast<std::size_t>(std::countr_zero(hits));
            if (matches_at(text.data() + hit))
                return hit;
        }
        if (at == last)
            break;
    }
    if (StopAtBackslash) {
        const std::size_t tail = text.size() - m_literal.size();
        // NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, not a C string
        if (std::memchr(text.data() + tail, '\\', m_literal.size()) != nullptr)
            return tail;
    }
    return npos;
}

template <bool StopAtBackslash>
__attribute__((target("avx2"))) std::size_t LiteralFinder::search_32(std::string_view text) const {
    constexpr std::size_t width = 32;
    const __m256i mask_a = _mm256_set1_epi8(static_cast<char>(m_probes[0].mask));
    const __m256i mask_b = _mm256_set1_epi8(static_cast<char>(m_probes[1].mask));
    const __m256i byte_a = _mm256_set1_epi8(static_cast<char>(m_probes[0].byte));
    const __m256i byte_b = _mm256_set1_epi8(static_cast<char>(m_probes[1].byte));
    const __m256i backslash = _mm256_set1_epi8('\\');
    const char* const data = text.data();
    const char* const data_a = data + m_probes[0].at;
    const char* const data_b = data + m_probes[1].at;
    const std::size_t last = text.size() - m_literal.size() + 1 - width; // last whole block
    for (std::size_t at = 0;; at = at + width < last ? at + width : last) {
        const __m256i a = _mm256_or_si256(
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data_a + at)), mask_a);
        const __m256i b = _mm256_or_si256(
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data_b + at)), mask_b);
        const __m256i both =
            _mm256_and_si256(_mm256_cmpeq_epi8(a, byte_a), _mm256_cmpeq_epi8(b, byte_b));
        const __m256i escapes =
            StopAtBackslash
                ? _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at)),
                                    backslash)
                : _mm256_setzero_si256();
        if (bits(_mm256_or_si256(both, escapes)) != 0) { // mostly there is neither
            if (StopAtBackslash && bits(escapes) != 0)
                return at;
            for (std::uint32_t hits = bits(both); hits != 0; hits &= hits - 1) {
                const std::size_t hit = at + static_cast<std::size_t>(std::countr_zero(hits));
                if (matches_at(data + hit))
                    return hit;
            }
        }
        if (at == last)
            break;
    }
    if (StopAtBackslash) {
        const std::size_t tail = text.size() - m_literal.size();
        if (std::memchr(data + tail, '\\', m_literal.size()) != nullptr)
            return tail;
    }
    return npos;
}

#endif

template <bool StopAtBackslash>
std::size_t LiteralFinder::search(std::string_view text) const {
#if defined(__x86_64__)
    if (text.size() >= m_literal.size() + 31 && has_avx2())
        return search_32<StopAtBackslash>(text);
    if (text.size() >= m_literal.size() + 15)
        return search_16<StopAtBackslash>(text);
#endif
    return search_short<StopAtBackslash>(text);
}

std::size_t LiteralFinder::find(std::string_view text) const {
    return m_literal.empty() ? 0 : search<false>(text);
}

bool LiteralFinder::found_or_escaped(std::string_view text) const {
    return m_literal.empty() || search<true>(text) != npos;
}

} // namespace weir
