// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled for the targets with windows; nothing may rely on it being included.
#pragma once
#include <QtWidgets/QtWidgets>
