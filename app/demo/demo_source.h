// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the demo's events come from, as long as it lives.
// Thread contract: made and destroyed by one thread; it works on one of its own.
#pragma once

namespace weir {

class DemoSource {
  public:
    DemoSource() = default;
    virtual ~DemoSource() = default;
    DemoSource(const DemoSource&) = delete;
    DemoSource& operator=(const DemoSource&) = delete;
};

} // namespace weir
