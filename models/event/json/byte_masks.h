// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Questions to 32 bytes at once, answered by a bit for each: with the instructions that every
// x86-64 has, with AVX2 where the processor has it (asked at run time), and in plain C++ elsewhere.
//
// A loop over them is a template of one of these types. The one for AVX2 is called only through a
// function with WEIR_TARGET_AVX2, into which everything below it is inlined.
//
// Thread contract: pure functions. REQUIRES: 32 bytes may be read at each pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#define WEIR_TARGET_AVX2 __attribute__((target("avx2"), flatten))
#endif

namespace weir {

inline constexpr std::size_t mask_bytes = 32;

#if defined(__x86_64__)

struct Sse2Masks {
    static std::uint32_t same(const char* a, const char* b) {
        const auto half = [](const char* x, const char* y) {
            return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(load(x), load(y))));
        };
        return half(a, b) | half(a + 16, b + 16) << 16;
    }
    /// Bytes that string content may not hold without a closer look: quote, backslash, below 0x20
    /// and from 0x80 on.
    static std::uint32_t special(const char* p) {
        const auto half = [](const char* x) {
            const __m128i bytes = load(x); // compared signed: from 0x80 on they are below 0x20, too
            return static_cast<std::uint32_t>(_mm_movemask_epi8(
                _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                             _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                          _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))))));
        };
        return half(p) | half(p + 16) << 16;
    }

  private:
    static __m128i load(const char* p) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    }
};
using BaselineMasks = Sse2Masks;

struct Avx2Masks {
    __attribute__((target("avx2"))) static std::uint32_t same(const char* a, const char* b) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(
            _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a)),
                              _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b)))));
    }
    __attribute__((target("avx2"))) static std::uint32_t special(const char* p) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(
            _mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes),
                            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
                                            _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))))));
    }
};

inline bool has_avx2() {
    static const bool yes = __builtin_cpu_supports("avx2") != 0;
    return yes;
}

#else

struct PlainMasks {
    static std::uint32_t same(const char* a, const char* b) {
        std::uint32_t mask = 0;
        for (std::size_t i = 0; i < mask_bytes; ++i)
            mask |= static_cast<std::uint32_t>(a[i] == b[i]) << i;
        return mask;
    }
    static std::uint32_t special(const char* p) {
        std::uint32_t mask = 0;
        for (std::size_t i = 0; i < mask_bytes; ++i)
            mask |= static_cast<std::uint32_t>(static_cast<signed char>(p[i]) < 0x20 ||
                                               p[i] == '"' || p[i] == '\\')
                    << i;
        return mask;
    }
};
using BaselineMasks = PlainMasks;

#endif

} // namespace weir
