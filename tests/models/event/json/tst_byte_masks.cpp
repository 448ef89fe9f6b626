// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever the processor has, the masks are the same: the program takes the widest, tests see all.
#include <QtTest>

#include <array>
#include <random>

#include "models/event/json/byte_masks.h"

using namespace weir;

namespace {

std::uint32_t special_one_by_one(const char* p) {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < mask_bytes; ++i) {
        const auto c = static_cast<unsigned char>(p[i]);
        mask |= (c < 0x20 || c >= 0x80 || c == '"' || c == '\\' ? 1U : 0U) << i;
    }
    return mask;
}

std::uint32_t same_one_by_one(const char* a, const char* b) {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < mask_bytes; ++i)
        mask |= (a[i] == b[i] ? 1U : 0U) << i;
    return mask;
}

template <class Masks>
void compare() {
    std::mt19937 random(1);
    std::array<char, mask_bytes> a{};
    std::array<char, mask_bytes> b{};
    for (int round = 0; round < 20'000; ++round) {
        for (std::size_t i = 0; i < mask_bytes; ++i) {
            a[i] = static_cast<char>(random());
            b[i] = random() % 2 == 0 ? a[i] : static_cast<char>(random());
        }
        QCOMPARE(Masks::special(a.data()), special_one_by_one(a.data()));
        QCOMPARE(Masks::same(a.data(), b.data()), same_one_by_one(a.data(), b.data()));
    }
}

} // namespace

class TestByteMasks : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void the_baseline_is_right() { compare<BaselineMasks>(); }
    void avx2_is_right() {
#if defined(__x86_64__)
        if (has_avx2())
            return compare<Avx2Masks>();
#endif
        QSKIP("this processor has no AVX2");
    }
};

QTEST_APPLESS_MAIN(TestByteMasks)
#include "tst_byte_masks.moc"
