# The page's program and style, bundled by esbuild with D3's modules; sets what built_in_page.S
# includes. Without esbuild both are empty, and herdsim writes no report.html.
set(page_folder ${PROJECT_SOURCE_DIR}/sim/measure/report/page)
set(page_built ${PROJECT_BINARY_DIR}/page)
set(page_modules /usr/share/nodejs CACHE PATH "Folder with D3's modules")
file(GLOB page_sources CONFIGURE_DEPENDS ${page_folder}/*.ts ${page_folder}/*.css)
find_program(HERDSIM_ESBUILD esbuild)

if(HERDSIM_ESBUILD AND EXISTS ${page_modules}/d3-scale AND EXISTS ${page_modules}/d3-force)
  add_custom_command(OUTPUT ${page_built}/main.js ${page_built}/style.css
    COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${page_modules} ${HERDSIM_ESBUILD}
      ${page_folder}/main.ts ${page_folder}/style.css --outdir=${page_built}
      --bundle --minify --charset=utf8 --format=iife --target=es2020 --legal-comments=none
      --log-level=warning
    DEPENDS ${page_sources}
    COMMENT "Bundling the page of report.html")
else()
  message(WARNING "herdsim is built without report.html, because esbuild or D3's modules are "
    "missing. On Debian, `make install-build` installs them.")
  # In a folder of their own, so that a later build with esbuild does not take them for its output.
  set(page_built ${PROJECT_BINARY_DIR}/no_page)
  file(WRITE ${page_built}/main.js "")
  file(WRITE ${page_built}/style.css "")
endif()

set_source_files_properties(measure/report/built_in_page.S PROPERTIES
  COMPILE_DEFINITIONS "HERDSIM_PAGE_SCRIPT=\"${page_built}/main.js\";HERDSIM_PAGE_STYLE=\"${page_built}/style.css\";HERDSIM_PAGE_LICENCES=\"${page_folder}/licences.txt\""
  OBJECT_DEPENDS "${page_built}/main.js;${page_built}/style.css;${page_folder}/licences.txt")
