// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Qt Test checks for Result<T>: the error's text stands in the report. Use in test functions only.
#pragma once

#include <QtTest/QtTest>

/// Goes on if the Result is ok, else fails the test with its error.
#define VERIFY_OK(call)                                                                            \
    do {                                                                                           \
        const auto& verified_result = (call);                                                      \
        QVERIFY2(verified_result.ok(),                                                             \
                 verified_result.ok() ? "" : verified_result.error().text().c_str());              \
    } while (false)

/// Goes on if the Result is an error with this code, else fails the test with what it is.
#define VERIFY_ERROR(call, expected)                                                               \
    do {                                                                                           \
        const auto& verified_result = (call);                                                      \
        QVERIFY2(!verified_result.ok(), "it went well, but must not");                             \
        QVERIFY2(verified_result.error().code == (expected),                                       \
                 verified_result.error().text().c_str());                                          \
    } while (false)
