# Compiler, warnings and the libraries that more than one folder links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(scr_warnings INTERFACE)
target_compile_options(scr_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
                                              -Woverloaded-virtual -Werror)
# g++ 12 sees overlapping copies in optimised string concatenation where there are none (its bug 105651).
target_compile_options(scr_warnings INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict>)
# Clang builds the fuzzers only; it warns of the older library's own headers.
target_compile_options(scr_warnings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-error>)
if(SCRUTINEER_SANITIZE)
  add_compile_options(-fsanitize=${SCRUTINEER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SCRUTINEER_SANITIZE})
  # g++ 12 reports values as maybe-uninitialised that only the instrumentation makes look so.
  target_compile_options(scr_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(libsodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)

if(NOT SCRUTINEER_CORE_ONLY)
  set(CMAKE_AUTOMOC ON)
  # moc 6.4 stops at <concepts> and <compare> of libstdc++ 12 unless it is told that they are there.
  set(CMAKE_AUTOMOC_MOC_OPTIONS -D_GLIBCXX_CONCEPTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Concurrent Sql Gui Widgets PrintSupport Svg Test)
  find_package(QCustomPlotQt6 REQUIRED)
  find_package(CLI11 REQUIRED)
  pkg_check_modules(libpqxx REQUIRED IMPORTED_TARGET libpqxx)
  pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
  set(QT_DEFINITIONS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH)
endif()
