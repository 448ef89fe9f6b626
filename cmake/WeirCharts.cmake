# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Qt6::Charts without Qt's own package file: that one asks for the development files of Qt's OpenGL
# modules, which on Debian nothing depends on and nobody here needs.
include_guard()

get_target_property(qt_includes Qt6::Core INTERFACE_INCLUDE_DIRECTORIES)
find_path(WEIR_CHARTS_INCLUDE QtCharts/QChart PATHS ${qt_includes} REQUIRED)
find_library(WEIR_CHARTS_LIBRARY Qt6Charts REQUIRED)
if(NOT TARGET Qt6::Charts)
    add_library(Qt6::Charts UNKNOWN IMPORTED)
    set_target_properties(Qt6::Charts PROPERTIES IMPORTED_LOCATION "${WEIR_CHARTS_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${WEIR_CHARTS_INCLUDE}")
    target_link_libraries(Qt6::Charts INTERFACE Qt6::Widgets)
endif()
