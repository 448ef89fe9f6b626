// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled for the tests; nothing may rely on it being included.
#include <QtTest/QtTest>

#include <nlohmann/json.hpp>
