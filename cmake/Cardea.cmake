# Options, compiler settings and the functions with which each folder declares itself.

option(CARDEA_TESTS "Build the tests" ON)
option(CARDEA_FUZZ "Build the fuzzers (clang only)" OFF)
set(CARDEA_SANITIZE "" CACHE STRING "Sanitizers for all code: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

find_program(CARDEA_CCACHE ccache)
if(CARDEA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CARDEA_CCACHE})
endif()

# Tests are many programs with all of the core in them: this linker takes a quarter of the time.
find_program(CARDEA_LLD ld.lld)
if(CARDEA_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(LWS REQUIRED IMPORTED_TARGET libwebsockets)
pkg_check_modules(USRSCTP REQUIRED IMPORTED_TARGET usrsctp)
pkg_check_modules(MHD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(GD REQUIRED IMPORTED_TARGET gdlib)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
find_package(Threads REQUIRED)

add_library(cardea_settings INTERFACE)
target_compile_options(cardea_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror
  -fvisibility=hidden -fvisibility-inlines-hidden -fno-omit-frame-pointer
  # What GCC's -Wshadow holds as well.
  $<$<CXX_COMPILER_ID:Clang>:-Wshadow-field-in-constructor>
  # GCC 12 cries wolf over joined strings at -O3 (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(cardea_settings INTERFACE ${PROJECT_SOURCE_DIR})
if(CARDEA_SANITIZE)
  target_compile_options(cardea_settings INTERFACE
    -fsanitize=${CARDEA_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(cardea_settings INTERFACE -fsanitize=${CARDEA_SANITIZE})
endif()
if(CARDEA_FUZZ)
  target_compile_options(cardea_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The public headers: all that a module may include.
add_library(cardea_include INTERFACE)
target_include_directories(cardea_include INTERFACE ${PROJECT_SOURCE_DIR}/core/include)
target_link_libraries(cardea_include INTERFACE PkgConfig::JANSSON)

# cardea_core_library(<folder> [DEPENDS folder...] [LINKS target...])
# core/<folder> as the static library cardea_<folder>. DEPENDS names the core folders it may use.
function(cardea_core_library folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(TRANSFORM ARG_DEPENDS PREPEND cardea_)
  if(sources)
    add_library(cardea_${folder} STATIC ${sources})
    target_link_libraries(cardea_${folder} PRIVATE cardea_settings
      PUBLIC cardea_include ${ARG_DEPENDS} ${ARG_LINKS})
  else()
    add_library(cardea_${folder} INTERFACE)
    target_link_libraries(cardea_${folder} INTERFACE cardea_include ${ARG_DEPENDS} ${ARG_LINKS})
  endif()
endfunction()

# cardea_schema(<target> <name> <folder>)
# The migrations in <folder>/schema as the header "<folder>/schema.hpp" with cardea::<name>::kSchema, for that target.
function(cardea_schema target name folder)
  set(header ${CMAKE_BINARY_DIR}/generated/${folder}/schema.hpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedSchema.cmake)
  file(GLOB steps CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/schema/*.sql)
  add_custom_command(OUTPUT ${header} DEPENDS ${steps} ${script} COMMENT "Migrations of ${name}"
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${PROJECT_SOURCE_DIR}/${folder}/schema -DNAME=${name} -DOUT=${header} -P ${script})
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()

# cardea_module(<name> KIND plugins|transports [LINKS target...])
# The folder's sources as <build>/lib/cardea/<kind>/<name>.so, exporting one symbol; with its migrations when it has a
# folder schema.
function(cardea_module name)
  cmake_parse_arguments(ARG "" "KIND" "LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(target module_${name})
  add_library(${target} MODULE ${sources})
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/cardea/${ARG_KIND})
  target_link_libraries(${target} PRIVATE cardea_settings cardea_include ${ARG_LINKS})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Without it inline statics pin the library in memory and dlclose does nothing.
    target_compile_options(${target} PRIVATE -fno-gnu-unique)
  endif()
  set(script ${PROJECT_SOURCE_DIR}/cmake/module.map)
  target_link_options(${target} PRIVATE -Wl,--version-script=${script})
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${script})
  if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/schema)
    cardea_schema(${target} ${name} ${ARG_KIND}/${name})
  endif()
  install(TARGETS ${target} LIBRARY DESTINATION lib/cardea/${ARG_KIND})
endfunction()

# cardea_unit_tests(<folder below tests/unit> LINKS target...)
# One CTest program for each *_test.cpp of the folder.
function(cardea_unit_tests folder)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${folder}/*_test.cpp)
  string(REPLACE "/" "_" prefix ${folder})
  foreach(test ${tests})
    get_filename_component(stem ${test} NAME_WE)
    set(target unit_${prefix}_${stem})
    add_executable(${target} ${test})
    target_link_libraries(${target} PRIVATE cardea_settings ${ARG_LINKS} cmocka)
    add_test(NAME unit/${folder}/${stem} COMMAND ${target})
    set_tests_properties(unit/${folder}/${stem} PROPERTIES TIMEOUT 120)
  endforeach()
endfunction()
